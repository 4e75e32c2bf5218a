import { Truths } from '../operator/runtime/truths.ts'
import { addCondition } from '../operator/v1beta4/steps/update-status.ts'
import type { EmqxEnterpriseStatus } from '../operator/v1beta4/types.ts'
import { set } from '../operator/v2beta1/condition-machine.ts'
import { setsOf } from '../operator/v2beta1/sets.ts'
import type { EmqxStatus } from '../operator/v2beta1/types.ts'
import { fault } from './fault.ts'

export const statusEarly = fault({
  name: 'status-early',
  part: 'operator',
  summary: 'the resource says it is settled while nodes are still being evacuated',
  caughtBy: ['status-truth'],
  // From the first evacuation on, until it is true. v2beta1 shows the new nodes only.
  v1beta4(next) {
    const truths = new Truths<EmqxEnterpriseStatus>()
    return {
      ...truths.hooks(next),
      shownStatus(pass, truth) {
        const [newest] = truth.conditions ?? []
        const isSettled = newest?.type === 'Running' && newest.status === 'True'
        const isMoving = (truth.blueGreenUpdateStatus?.evacuationsStatus ?? []).length > 0
        if (!truths.hides(pass.cr, truth, isSettled, isMoving)) return next.shownStatus(pass, truth)
        const { blueGreenUpdateStatus: _, ...rest } = truth
        const running = {
          type: 'Running',
          status: 'True',
          reason: 'ClusterReady',
          message: 'All resources are ready',
        } as const
        return {
          ...rest,
          readyReplicas: truth.replicas ?? 0,
          conditions: addCondition(truth.conditions ?? [], running, pass.env.clock.now()),
        }
      },
    }
  },
  v2beta1(next) {
    const truths = new Truths<EmqxStatus>()
    return {
      ...truths.hooks(next),
      async shownStatus(pass, truth) {
        const isSettled = truth.conditions?.[0]?.type === 'Ready'
        const isMoving = (truth.nodeEvacuationsStatus ?? []).length > 0
        if (!truths.hides(pass.cr, truth, isSettled, isMoving)) return next.shownStatus(pass, truth)
        const { nodeEvacuationsStatus: _, ...shown } = structuredClone(truth)
        for (const role of ['core', 'replicant'] as const) {
          const counts = shown[`${role}NodesStatus`]
          const nodes = shown[`${role}Nodes`]
          if (!counts?.updateRevision || !nodes) continue
          const { update } = await setsOf(pass, role)
          shown[`${role}Nodes`] = nodes.filter(({ controllerUID }) => controllerUID === update?.metadata.uid)
          counts.currentRevision = counts.updateRevision
          counts.readyReplicas = counts.replicas ?? 0
          counts.currentReplicas = counts.updateReplicas ?? 0
        }
        set(shown, { type: 'Ready', reason: 'Ready', message: 'Cluster is ready' }, pass.env.clock.now())
        return shown
      },
    }
  },
})
