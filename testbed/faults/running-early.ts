import { Truths } from '../operator/runtime/truths.ts'
import { addCondition } from '../operator/v1beta4/steps/update-status.ts'
import type { EmqxEnterpriseStatus } from '../operator/v1beta4/types.ts'
import { set } from '../operator/v2beta1/condition-machine.ts'
import type { EmqxStatus } from '../operator/v2beta1/types.ts'
import { fault } from './fault.ts'

/** Once it has been settled, a resource says so for ever. */
function everAfter() {
  let wasSettled = false
  return (isSettled: boolean): boolean => {
    wasSettled ||= isSettled
    return wasSettled
  }
}

/** A list of as many nodes, the last of them twice and more often. */
const filled = <Node>(nodes: readonly Node[], count: number): Node[] =>
  Array.from({ length: count }, (_, i) => nodes[Math.min(i, nodes.length - 1)]!)

export const runningEarly = fault({
  name: 'running-early',
  part: 'operator',
  summary: 'the resource says that it runs as asked while added nodes are still coming',
  shownBy: 'scale-out',
  caughtBy: ['state-truth'],
  // The run waits for the resource, so it ends before the nodes are there.
  alsoFails: ['capacity-follows', 'membership-exact'],
  v1beta4(next) {
    const truths = new Truths<EmqxEnterpriseStatus>()
    const isHidden = everAfter()
    return {
      ...truths.hooks(next),
      shownStatus(pass, truth) {
        const wanted = pass.cr.spec.replicas ?? 0
        const nodes = truth.emqxNodes ?? []
        const [newest] = truth.conditions ?? []
        const isSettled =
          newest?.type === 'Running' && nodes.length === wanted && truth.readyReplicas === wanted
        if (!truths.hides(pass.cr, truth, isSettled, isHidden(isSettled)))
          return next.shownStatus(pass, truth)
        const running = {
          type: 'Running',
          status: 'True',
          reason: 'ClusterReady',
          message: 'All resources are ready',
        } as const
        return {
          ...truth,
          replicas: wanted,
          readyReplicas: wanted,
          emqxNodes: filled(nodes, wanted),
          conditions: addCondition(truth.conditions ?? [], running, pass.env.clock.now()),
        }
      },
    }
  },
  v2beta1(next) {
    const truths = new Truths<EmqxStatus>()
    const isHidden = everAfter()
    return {
      ...truths.hooks(next),
      async shownStatus(pass, truth) {
        const wanted = pass.cr.spec.coreTemplate.spec.replicas ?? 0
        const nodes = truth.coreNodes ?? []
        const isSettled = truth.conditions?.[0]?.type === 'Ready' && nodes.length === wanted
        if (!truths.hides(pass.cr, truth, isSettled, isHidden(isSettled)))
          return next.shownStatus(pass, truth)
        const shown = structuredClone(truth)
        const counts = shown.coreNodesStatus
        if (counts)
          Object.assign(counts, {
            replicas: wanted,
            readyReplicas: wanted,
            currentRevision: counts.updateRevision,
          })
        shown.coreNodes = filled(nodes, wanted)
        set(shown, { type: 'Ready', reason: 'Ready', message: 'Cluster is ready' }, pass.env.clock.now())
        return shown
      },
    }
  },
})
