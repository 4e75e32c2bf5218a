import { unlessGone } from '#weir/cluster/kubernetes/api-errors.ts'
import { type Condition, conditionOf, type Pod, timestamp } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { checkAvailability } from '../../emqx5/api.ts'
import { ON_SERVING } from '../../emqx5/names.ts'
import { find } from '../condition-machine.ts'
import type { Pass, Step } from '../pass.ts'
import { areContainersReady, ownerOf, podsOf, setsOf } from '../sets.ts'

/** A new pod serves when its node is a member and available. */
async function isServing({ cr, requester }: Pass, pod: Pod): Promise<string> {
  const nodes = [...(cr.status?.coreNodes ?? []), ...(cr.status?.replicantNodes ?? [])]
  const node = nodes.find(({ podUID }) => podUID === pod.metadata.uid)
  if (node === undefined || requester === undefined) return 'False'
  return node.edition === 'Enterprise' ? checkAvailability(requester.of(pod.status?.podIP ?? '')) : 'True'
}

/** The wanted status of the gate; its present one where no rule applies, "" if it has none. */
async function gateOf(pass: Pass, pod: Pod, role: 'update' | 'current' | undefined): Promise<string> {
  const now = conditionOf(pod, ON_SERVING)?.status ?? ''
  if (!areContainersReady(pod)) return now
  if (role === 'update') return isServing(pass, pod)
  const isOver = find(pass.cr.status, 'Available') !== undefined
  return role === 'current' && isOver && !pass.hooks.keepsOldServing ? 'False' : now
}

/**
 * The readiness gates: this is how traffic moves (docs/contract/operator.md#v2beta1-gates). New pods are let in one by one as they become
 * ready; all pods of the set that is being left are shut out at once, as soon as the resource is Available. A gate that
 * was never set is there with an empty status.
 */
export const updatePodConditions: Step = async (pass) => {
  const { env } = pass
  const roles = new Map<string, 'update' | 'current'>()
  for (const role of ['core', 'replicant'] as const) {
    const { update, current } = await setsOf(pass, role)
    if (current) roles.set(current.metadata.uid ?? '', 'current')
    if (update) roles.set(update.metadata.uid ?? '', 'update')
  }
  for (const pod of await podsOf(pass)) {
    const status = await gateOf(pass, pod, roles.get(ownerOf(pod) ?? ''))
    const before = conditionOf(pod, ON_SERVING)
    if (before?.status === status) continue
    const gate: Condition = {
      type: ON_SERVING,
      status,
      lastProbeTime: null,
      lastTransitionTime: status === '' ? null : timestamp(env.clock.now()),
    }
    const { namespace, name } = pod.metadata
    const body = { status: { conditions: [gate] } }
    await unlessGone(
      env.kube.patch(resources.pods, namespace, name, 'strategic', body, { subresource: 'status' }),
    )
  }
  return undefined
}
