import type { Bounds, EndpointsEvent } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { endpointsAt, isNewSet, newPods, newPodsAt, oldPods } from '../evidence/new-set.ts'
import { blindTo } from '../evidence/watches.ts'
import { moment, SECOND } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { type AssertionResult, evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES['switch-before-evict']
const { settle, shared } = MESSAGES

/** Clients leave the old set only when the Service leads to the new set alone (docs/contract/upgrade.md#documentation). */
export const switchBeforeEvict: Check<'switch-before-evict'> = (run, bounds) => {
  const at = run.moments.firstEviction
  const changes = run.of('endpoints')
  if (changes.length === 0) return open(text.noEndpoints)
  const empty = emptiness(run, changes, bounds)
  if (empty) return empty
  if (at === undefined) return open(text.noEviction, settle.eviction)
  if (newPods(run).length === 0) return open(text.noNewSet)
  return atFirstEviction(run, at, bounds) ?? afterwards(run, at) ?? passed(run, at)
}

const open = (why: string, resolve = settle.watches): AssertionResult =>
  unknown({ bound: text.bound, measured: shared.unknown, why, settle: resolve })

function emptiness(
  run: RunView,
  changes: EndpointsEvent[],
  bounds: Bounds<'switch-before-evict'>,
): AssertionResult | undefined {
  const last = run.moments.fleetStopping ?? run.moments.end
  // While a cluster starts, its Service may lead anywhere: no client uses it yet.
  const readyT = run.moments.clusterReady ?? 0
  const begun = changes.findIndex((event) => event.ready.length > 0)
  if (begun < 0) return open(text.neverReady, text.neverReadySettle)
  for (let i = begun; i < changes.length; i++) {
    const event = changes[i]
    if (!event || event.ready.length > 0 || event.t >= last) continue
    const untilT = Math.min(changes[i + 1]?.t ?? last, last)
    if (untilT <= readyT) continue
    if (untilT - event.t < bounds.emptySeconds * SECOND) continue
    if (blindTo(run, 'endpoints', event.t, untilT)) return open(text.blindWhileEmpty)
    return fail({
      bound: text.bound,
      measured: text.measuredEmpty({ ns: untilT - event.t }),
      sentence: text.empty({ service: event.service, ns: untilT - event.t, at: moment(run, event.t) }),
      evidence: [evidence('events.ndjson', event.t, untilT, text.emptySeen)],
      figures: { emptySeconds: (untilT - event.t) / SECOND },
    })
  }
  return undefined
}

function atFirstEviction(
  run: RunView,
  at: number,
  bounds: Bounds<'switch-before-evict'>,
): AssertionResult | undefined {
  const event = endpointsAt(run, at)
  const pods = newPodsAt(run, at)
  if (isNewSet(run, event, pods)) return undefined
  if (blindTo(run, 'endpoints', event?.t ?? 0, at)) return open(text.blindBefore)
  if (isNewSet(run, endpointsAt(run, at + bounds.watchLagSeconds * SECOND), pods)) return open(text.closeCall)
  if (run.moments.firstEvictionUnseen)
    return open(text.unsampled({ at: moment(run, at) }), settle.samplesWithoutPause)
  if (landedOnNewOnly(run, at)) return open(text.contradicted)
  const old = oldPods(run)
  const stayed = event?.ready.filter((pod) => old.has(pod)) ?? []
  const missing = pods.filter((pod) => !event?.ready.includes(pod))
  return fail({
    bound: text.bound,
    measured: text.measuredWrong({ old: stayed.length, missing: missing.length }),
    sentence: text.wrong({ at: moment(run, at), old: stayed, missing }),
    evidence: [evidence('events.ndjson', event?.t ?? 0, at, text.endpointsSeen({ pods: event?.ready }))],
    figures: { oldPodsIn: stayed.length, newPodsOut: missing.length },
  })
}

/** Twenty landings at once, all on new nodes, do not happen by chance while half of the endpoints are old. */
function landedOnNewOnly(run: RunView, at: number): boolean {
  const { connections } = run
  let fresh = 0
  // Only a node that is evacuated refuses, so a refused client met an old node.
  for (let i = 0; i < run.spells.length; i++)
    if ((run.spells.refusals[i] ?? 0) + (run.spells.failures[i] ?? 0) > 0) return false
  for (let row = 0; row < connections.length; row++) {
    if ((connections.from[row] ?? 0) < at) continue
    const side = run.nodes[connections.node[row] ?? -1]?.side
    if (side === 'old') return false
    if (side === 'new') fresh++
  }
  return fresh >= 20
}

function afterwards(run: RunView, at: number): AssertionResult | undefined {
  const old = oldPods(run)
  const last = run.moments.fleetStopping ?? run.moments.end
  const back = run
    .of('endpoints')
    .find((event) => event.t > at && event.t < last && event.ready.some((pod) => old.has(pod)))
  if (!back) return undefined
  const pods = back.ready.filter((pod) => old.has(pod))
  return fail({
    bound: text.bound,
    measured: text.measuredBack({ old: pods.length }),
    sentence: text.back({ pods, at: moment(run, back.t) }),
    evidence: [evidence('events.ndjson', back.t, back.t, text.endpointsSeen({ pods: back.ready }))],
    figures: { oldPodsIn: pods.length },
  })
}

function passed(run: RunView, at: number): AssertionResult {
  const from = run.of('endpoints')[0]?.t ?? 0
  const last = run.moments.fleetStopping ?? run.moments.end
  if (blindTo(run, 'endpoints', from, last)) return open(text.blindLater)
  const pods = newPodsAt(run, at)
  const switched = run.of('endpoints').find((event) => isNewSet(run, event, pods))?.t ?? at
  return pass({
    bound: text.bound,
    measured: text.measured({ ns: at - switched }),
    sentence: text.held({ pods: pods.length, ns: at - switched }),
    evidence: [evidence('events.ndjson', switched, switched, text.endpointsSeen({ pods }))],
    figures: { switchLeadSeconds: (at - switched) / SECOND },
  })
}
