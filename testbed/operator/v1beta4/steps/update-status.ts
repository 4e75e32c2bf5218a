import { type EndpointSlice, type StatefulSet, timestamp } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { labelled } from '../../apply.ts'
import { wrap, wrapping } from '../../runtime/errors.ts'
import { getEvacuations, getNodes } from '../emqx/api.ts'
import { podNameOf } from '../names.ts'
import type { Pass, Requester, Step } from '../pass.ts'
import { inClusterSets, type PodsBySet, podsOf } from '../sets.ts'
import type { EmqxEnterprise, EmqxEnterpriseStatus, EnterpriseCondition } from '../types.ts'

/** readyReplicas counts running members, of old and new sets alike: six of three in the middle of an update. */
async function updateMembers(pass: Pass, status: EmqxEnterpriseStatus, request: Requester): Promise<void> {
  const nodes = await wrapping('failed to get node statuses', getNodes(request, pass))
  status.emqxNodes = nodes
  status.readyReplicas = nodes.filter((node) => node.node_status === 'Running').length
  status.replicas = pass.cr.spec.replicas
}

/** One set: the resource is settled, or on its way to it. */
function oneSet(pass: Pass, status: EmqxEnterpriseStatus, set: StatefulSet): void {
  status.currentStatefulSetVersion = set.status?.currentRevision
  const ready = status.readyReplicas === status.replicas
  status.conditions = addCondition(
    status.conditions ?? [],
    ready
      ? { type: 'Running', status: 'True', reason: 'ClusterReady', message: 'All resources are ready' }
      : {
          type: 'Running',
          status: 'False',
          reason: 'ClusterNotReady',
          message: 'Some resources are not ready',
        },
    pass.env.clock.now(),
  )
  delete status.blueGreenUpdateStatus
}

/** 2.1.x: exactly the new pods are ready endpoints of a Service of the resource. */
async function servesAlone(pass: Pass, set: StatefulSet, pods: PodsBySet): Promise<boolean> {
  const items = await labelled<EndpointSlice>(
    pass,
    resources.endpointSlices,
    pass.cr.spec.serviceTemplate?.metadata?.labels,
  )
  const own = new Set(podsOf(pods, set).map((pod) => pod.metadata.uid))
  const hits = items
    .map(({ endpoints }) => endpoints ?? [])
    .filter((endpoints) => endpoints.length === pass.cr.spec.replicas)
    .flat()
    .filter(({ conditions, targetRef }) => conditions?.ready === true && own.has(targetRef?.uid)).length
  return hits === own.size
}

async function isServing(pass: Pass, set: StatefulSet, pods: PodsBySet): Promise<boolean> {
  if (pass.env.line.traffic === 'endpoints' || pass.hooks.keepsOldServing)
    return (set.status?.readyReplicas ?? 0) === set.spec.replicas
  return servesAlone(pass, set, pods)
}

/** Two sets or more: the last of the list is to go, the one before it is to take over. */
async function severalSets(
  pass: Pass,
  status: EmqxEnterpriseStatus,
  request: Requester,
  { sets, pods }: { sets: StatefulSet[]; pods: PodsBySet },
): Promise<void> {
  const [current, origin] = sets.slice(-2) as [StatefulSet, StatefulSet]
  const nowMs = pass.env.clock.now()
  status.currentStatefulSetVersion = current.status?.currentRevision
  status.conditions = addCondition(
    status.conditions ?? [],
    { type: 'BlueGreenUpdating', status: 'True' },
    nowMs,
  )
  if (!(await isServing(pass, current, pods))) return
  status.blueGreenUpdateStatus = {
    ...status.blueGreenUpdateStatus,
    currentStatefulSet: current.metadata.name,
    originStatefulSet: origin.metadata.name,
    startedAt: status.blueGreenUpdateStatus?.startedAt ?? timestamp(nowMs),
  }
  status.blueGreenUpdateStatus.evacuationsStatus = await getEvacuations(request, pass).catch(
    (error: unknown) => {
      throw wrap(error, 'failed to get evacuation status')
    },
  )
}

async function updateConditions(pass: Pass, status: EmqxEnterpriseStatus, request: Requester): Promise<void> {
  const found = await wrapping('failed to get in cluster statefulsets', inClusterSets(pass))
  const sets = pass.hooks.countedSets(found.sets)
  if (sets.length < found.sets.length)
    status.readyReplicas = (status.emqxNodes ?? []).filter(
      ({ node, node_status }) =>
        node_status === 'Running' && sets.some((set) => podNameOf(node).startsWith(`${set.metadata.name}-`)),
    ).length
  const [only] = sets
  if (sets.length === 1 && only !== undefined) oneSet(pass, status, only)
  else await severalSets(pass, status, request, { sets, pods: found.pods })
}

/**
 * Updates the resource's status. If a request to EMQX fails, or no set is in the cluster, a Warning is emitted, the status is
 * not written, and the pass goes on with the old one.
 */
export const updateStatus =
  (request: Requester): Step =>
  async (pass) => {
    pass.cr.status ??= {}
    const { status } = pass.cr
    try {
      await wrapping('failed to update ready replicas', updateMembers(pass, status, request))
      await wrapping('failed to update condition', updateConditions(pass, status, request))
    } catch (error) {
      pass.env.recorder.emit(pass.cr, 'Warning', 'ReconcileError', (error as Error).message)
      return undefined
    }
    await writeStatus(pass)
    return undefined
  }

/**
 * The list after one more observation: newest first. The entry that was first keeps its transition time even when its
 * status flips; any other entry that is observed again gets a new one. Nothing is ever removed or set False, so
 * BlueGreenUpdating stays True for ever after the first upgrade.
 */
export function addCondition(
  conditions: readonly EnterpriseCondition[],
  observed: Pick<EnterpriseCondition, 'type' | 'status' | 'reason' | 'message'>,
  nowMs: number,
): EnterpriseCondition[] {
  const now = timestamp(nowMs)
  const first = conditions[0]
  const lastTransitionTime = first?.type === observed.type ? first.lastTransitionTime : now
  const others = conditions
    .filter((condition) => condition.type !== observed.type)
    .sort((a, b) => b.lastUpdateTime.localeCompare(a.lastUpdateTime))
  return [{ ...observed, lastUpdateTime: now, lastTransitionTime }, ...others]
}

/**
 * A status as it comes back from the API server: an empty list of evacuations is left out when it is written, so it
 * returns as no list at all. The escape hatch lives on that.
 */
function withoutEmptyLists(status: EmqxEnterpriseStatus): EmqxEnterpriseStatus {
  const update = status.blueGreenUpdateStatus
  if (update === undefined || (update.evacuationsStatus ?? []).length > 0) return status
  const { evacuationsStatus: _, ...rest } = update
  return { ...status, blueGreenUpdateStatus: rest }
}

/** Writes the status and goes on with what the API server made of the resource. */
export async function writeStatus(pass: Pass): Promise<void> {
  const truth = withoutEmptyLists(pass.cr.status ?? {})
  const shown = pass.hooks.shownStatus(pass, truth)
  try {
    pass.cr = await pass.env.kube.replace<EmqxEnterprise>(
      resources.emqxEnterprises,
      { ...pass.cr, status: shown },
      'status',
    )
  } catch (error) {
    throw wrap(error, 'failed to update emqx status')
  }
  if (shown !== truth) pass.cr.status = truth
}
