import type { RunView } from '#weir/record/view/index.ts'
import { endedByRun } from '../evidence/ended-by-run.ts'
import { newPodsAt } from '../evidence/new-set.ts'
import { SECOND } from '../evidence/wording.ts'
import type { Deviation } from './deviation.ts'
import { isReleased } from './release.ts'

/**
 * Operator 2.2.0–2.2.29, v2beta1: a node whose HTTP API does not answer counts as one that is not in the cluster, so the operator takes every pod of
 * the new set out of the Service until it answers again.
 */
export const apiOutage: Deviation = {
  id: 'operator-2.2.0-2.2.29-api-outage',
  source: 'docs/contract/operator.md#v2beta1-gates',
  shows: (run) =>
    isReleased(run.parameters.dialect, '2.2.0', '2.2.29') &&
    run.parameters.dialect.trafficSwitch === 'readiness-gate' &&
    isEmptyWithoutApi(run),
  fails: ['switch-before-evict'],
  mayFail: ['available', 'amplification', 'downtime', 'offline-peak', 'no-storm', 'refusals'],
  leavesOpen: [],
}

/** The operator looks once a second. */
const LOOK_NS = 2 * SECOND

/**
 * The Service led to no pod just after EMQX's API had failed, or a node had been ended that the operator may have asked, while a new pod was there
 * and ran.
 */
function isEmptyWithoutApi(run: RunView): boolean {
  // weir may ask later than the operator did, and note the failure after what came of it.
  const noticedNs = 2 * run.parameters.pollIntervalSeconds * SECOND
  const spans = [
    ...run.of('api-failure').flatMap(({ t, api }) => (api === 'nodes' ? [[t - noticedNs, t + LOOK_NS]] : [])),
    ...[...endedByRun(run).values()].map((t) => [t, t + LOOK_NS]),
  ] as [fromT: number, toT: number][]
  const { trigger = 0 } = run.moments
  return run
    .of('endpoints')
    .some(
      ({ t, ready }) =>
        t > trigger &&
        ready.length === 0 &&
        spans.some(([fromT, toT]) => fromT <= t && t < toT) &&
        newPodsAt(run, t).some((pod) => isRunning(run, pod, t)),
    )
}

function isRunning(run: RunView, pod: string, t: number): boolean {
  const last = run.of('pod').findLast((event) => event.name === pod && event.t <= t)
  return (
    last !== undefined &&
    last.phase === 'Running' &&
    !last.deleting &&
    !last.deleted &&
    last.blocked === undefined
  )
}
