import type { Bounds, EndpointsEvent } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { endpointsAt, isNewSet, newPods, oldPods } from '../evidence/new-set.ts'
import { blindTo } from '../evidence/watches.ts'
import { atTrigger, count, SECOND, seconds } from '../evidence/wording.ts'
import { type AssertionResult, evidence, fail, pass, unknown } from '../verdict/finding.ts'

const BOUND =
  'at the first eviction the Service points at exactly the new set, never at an old pod again, and never at nobody'
const SETTLE = 'a run whose watch of the EndpointSlices has no gap'

/** Clients leave the old set only when there is a new one to go to, and only it (seed B30). */
export const switchBeforeEvict: Check<'switch-before-evict'> = (run, bounds) => {
  const at = run.moments.firstEviction
  const changes = run.of('endpoints')
  if (changes.length === 0) return open('the endpoints of the Service are not in the record')
  const empty = emptiness(run, changes, bounds)
  if (empty) return empty
  if (at === undefined)
    return open('nobody was evicted, so there was no moment to look at', 'a run with an eviction')
  if (newPods(run).length === 0) return open('no new set is in the record')
  return atFirstEviction(run, at, bounds) ?? afterwards(run, at) ?? passed(run, at)
}

const open = (why: string, settle = SETTLE): AssertionResult =>
  unknown({ bound: BOUND, measured: 'unknown', why, settle })

function emptiness(
  run: RunView,
  changes: EndpointsEvent[],
  bounds: Bounds<'switch-before-evict'>,
): AssertionResult | undefined {
  const last = run.moments.fleetStopping ?? run.moments.end
  // While a cluster is being made its Service may lead here and there: nobody has been told of it yet.
  const readyT = run.moments.clusterReady ?? 0
  const begun = changes.findIndex((event) => event.ready.length > 0)
  if (begun < 0)
    return open('no pod was ever behind the Service', 'a cluster whose Service leads to its pods')
  for (let i = begun; i < changes.length; i++) {
    const event = changes[i]
    if (!event || event.ready.length > 0 || event.t >= last) continue
    const untilT = Math.min(changes[i + 1]?.t ?? last, last)
    if (untilT <= readyT) continue
    if (untilT - event.t < bounds.emptySeconds * SECOND) continue
    if (blindTo(run, 'endpoints', event.t, untilT))
      return open('the watch of the endpoints was lost while they were empty')
    return fail({
      bound: BOUND,
      measured: `empty for ${seconds(untilT - event.t)}`,
      sentence: `The Service ${event.service} had no endpoints for ${seconds(untilT - event.t)} ${atTrigger(run, event.t)}: whoever connected then was refused.`,
      evidence: [evidence('events.ndjson', event.t, untilT, 'no ready endpoint')],
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
  if (isNewSet(run, event)) return undefined
  if (blindTo(run, 'endpoints', event?.t ?? 0, at))
    return open('the watch of the endpoints was lost before the first eviction')
  if (isNewSet(run, endpointsAt(run, at + bounds.watchLagSeconds * SECOND)))
    return open('the switch was heard of just after the first eviction, so which came first is not known')
  if (landedOnNewOnly(run, at))
    return open(
      'the endpoints watch and the clients contradict each other: every client that came back landed on a new node',
    )
  const old = oldPods(run)
  const stayed = event?.ready.filter((pod) => old.has(pod)) ?? []
  const missing = newPods(run).filter((pod) => !event?.ready.includes(pod))
  const what = [
    stayed.length > 0 ? `still pointed at ${count(stayed.length, 'old pod')} (${stayed.join(', ')})` : '',
    missing.length > 0 ? `did not yet point at ${missing.join(', ')}` : '',
  ].filter(Boolean)
  return fail({
    bound: BOUND,
    measured: `${stayed.length} old pods in, ${missing.length} new pods out`,
    sentence: `At the first eviction, ${atTrigger(run, at)}, the Service ${what.join(' and ') || 'pointed at other pods'}: evicted clients can land on a node that evicts them again.`,
    evidence: [
      evidence('events.ndjson', event?.t ?? 0, at, `endpoints: ${event?.ready.join(', ') ?? 'none known'}`),
    ],
    figures: { oldPodsIn: stayed.length, newPodsOut: missing.length },
  })
}

/** Twenty landings at once, all on new nodes, do not happen by chance while half of the endpoints are old. */
function landedOnNewOnly(run: RunView, at: number): boolean {
  const { connections } = run
  let fresh = 0
  // An old node that evacuates refuses: whoever was refused did meet one.
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
    bound: BOUND,
    measured: `${pods.length} old pods back`,
    sentence: `${pods.join(', ')} came back into the Service ${atTrigger(run, back.t)}, after evictions had begun.`,
    evidence: [evidence('events.ndjson', back.t, back.t, `endpoints: ${back.ready.join(', ')}`)],
    figures: { oldPodsIn: pods.length },
  })
}

function passed(run: RunView, at: number): AssertionResult {
  const from = run.of('endpoints')[0]?.t ?? 0
  const last = run.moments.fleetStopping ?? run.moments.end
  if (blindTo(run, 'endpoints', from, last)) return open('the watch of the endpoints was lost for a while')
  const switched = run.of('endpoints').find((event) => isNewSet(run, event))?.t ?? at
  return pass({
    bound: BOUND,
    measured: `switched ${seconds(at - switched)} before the first eviction`,
    sentence: `The Service pointed at exactly the ${newPods(run).length} new pods ${seconds(at - switched)} before the first eviction, and at no old pod afterwards.`,
    evidence: [evidence('events.ndjson', switched, switched, `endpoints: ${newPods(run).join(', ')}`)],
    figures: { switchLeadSeconds: (at - switched) / SECOND },
  })
}
