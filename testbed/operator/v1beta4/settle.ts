import { unlessGone } from '#weir/cluster/kubernetes/api-errors.ts'
import type { StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { sleep } from '../../runtime/clock.ts'
import type { OperatorEnvironment } from '../runtime/reconciler.ts'
import type { Pass } from './pass.ts'

const STEP_MS = 20
const LIMIT_MS = 2000

/**
 * Waits, for two seconds at most, until the StatefulSet controller has answered a change of a set. Real passes spend
 * 0.1 to 0.5 s in the calls that follow such a change, and what they see afterwards depends on it; an emulated cluster
 * may be faster or slower than that, so here it is a condition and not a duration.
 */
async function controllerAnswered(env: OperatorEnvironment, set: StatefulSet): Promise<void> {
  const { namespace, name } = set.metadata
  for (const endMs = env.clock.now() + LIMIT_MS; env.clock.now() < endMs; await sleep(env.clock, STEP_MS)) {
    const seen = await unlessGone(env.kube.get<StatefulSet>(resources.statefulSets, namespace, name))
    if (seen === undefined || (seen.status?.currentReplicas ?? 0) === seen.spec.replicas) return
  }
}

/** A port-forward has been opened since: the operator's cache has caught up with what this pass wrote. */
export async function afterPortForward(pass: Pass): Promise<void> {
  const set = pass.created ?? pass.scaledDown
  if (set === undefined) return
  await controllerAnswered(pass.env, set)
  delete pass.created
  delete pass.scaledDown
}

/** After a scale-down: waits until the pod has received SIGTERM and left the cluster. */
export async function afterScaleDown(pass: Pass): Promise<void> {
  if (pass.scaledDown === undefined || pass.env.line.afterScaleDownMs === 0) return
  await controllerAnswered(pass.env, pass.scaledDown)
  await sleep(pass.env.clock, pass.env.line.afterScaleDownMs)
  delete pass.scaledDown
}
