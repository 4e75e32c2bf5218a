import { unlessGone } from '#weir/cluster/kubernetes/api-errors.ts'
import type { Pod, StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { hasReplicants } from '../../emqx5/names.ts'
import { type Admission, admissionOf, startOfCore, stopOf } from '../evacuation.ts'
import type { Pass, Step } from '../pass.ts'
import { coreReplicas, evacuates } from '../settings.ts'
import { isReady, isUpdated, nodeOf, podsOf } from '../state.ts'

const ordinalOf = ({ metadata }: Pod) => Number(metadata.name.slice(metadata.name.lastIndexOf('-') + 1))

/** Every other core must be available. */
function mayGo(pass: Pass, pod: Pod): Admission {
  const others = podsOf(pass, pass.state.cores).filter((one) => one !== pod && isReady(one))
  if (others.length < coreReplicas(pass.cr) - pass.hooks.coresAtOnce) return 'wait'
  if (pod.metadata.deletionTimestamp !== undefined) return 'wait'
  const hasNowhere = coreReplicas(pass.cr) === 1 && !hasReplicants(pass.cr)
  return admissionOf(pass, nodeOf(pass, pod), evacuates(pass.cr), hasNowhere)
}

const deletePod = ({ env }: Pass, { metadata }: Pod) =>
  unlessGone(env.kube.delete(resources.pods, metadata.namespace, metadata.name))

async function act(pass: Pass, pod: Pod, admission: Admission, going = [pod]): Promise<void> {
  if (admission === 'remove') await deletePod(pass, pod)
  else if (admission === 'evacuate') await startOfCore(pass, pod, going)
}

const scaled = ({ env }: Pass, set: StatefulSet, replicas: number) =>
  env.kube.replace<StatefulSet>(resources.statefulSets, { ...set, spec: { ...set.spec, replicas } })

/** The highest core is evacuated, then the set is made smaller and the pod deleted. */
async function scaleDown(pass: Pass, set: StatefulSet): Promise<void> {
  const [highest] = podsOf(pass, set).sort((a, b) => ordinalOf(b) - ordinalOf(a))
  const isThere = highest !== undefined && ordinalOf(highest) === set.spec.replicas - 1
  const admission = isThere ? mayGo(pass, highest) : 'remove'
  if (admission === 'remove') await scaled(pass, set, set.spec.replicas - 1)
  if (isThere) await act(pass, highest, admission)
}

/** An evacuation outlives its pod, in its volume: of a core that was replaced it is ended, whoever began it. */
async function endEvacuations(pass: Pass): Promise<void> {
  for (const { nodeName, state } of pass.status.nodeEvacuations ?? []) {
    if (state !== 'prohibiting') continue
    const pod = podsOf(pass, pass.state.cores).find((one) => nodeOf(pass, one)?.name === nodeName)
    if (pod !== undefined && isUpdated(pass, pod)) await stopOf(pass, pod, nodeName)
  }
}

/** Of the replicants' old set the last old core stays until they are gone. */
const mustStay = ({ cr, status }: Pass, outdated: number): boolean => {
  const { currentRevision, updateRevision } = status.replicantNodesStatus
  return hasReplicants(cr) && currentRevision !== updateRevision && outdated === 1
}

/**
 * Scales the cores, or replaces the outdated ones, from the highest ordinal: each is evacuated, deleted when it is empty, and the next waits until
 * all others are available (docs/contract/operator.md#v3beta1-update).
 */
export const syncCores: Step = async (pass) => {
  const set = pass.state.cores
  if (set === undefined) {
    pass.isPostponed = true
    return undefined
  }
  const desired = coreReplicas(pass.cr)
  if (set.spec.replicas > desired) {
    await scaleDown(pass, set)
    return undefined
  }
  if (set.spec.replicas < desired) {
    await scaled(pass, set, desired)
    return undefined
  }
  await endEvacuations(pass)
  const outdated = podsOf(pass, set)
    .filter((pod) => !isUpdated(pass, pod))
    .sort((a, b) => ordinalOf(b) - ordinalOf(a))
  if (outdated.length === 0 || mustStay(pass, outdated.length)) return undefined
  const going = outdated.slice(0, pass.hooks.coresAtOnce)
  for (const pod of going) await act(pass, pod, mayGo(pass, pod), going)
  return undefined
}
