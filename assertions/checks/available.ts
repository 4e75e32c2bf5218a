import type { ProbeEvent } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { totalDelay } from '../evidence/stall.ts'
import { moment, SECOND } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES.available
const { shared } = MESSAGES

/** A success that took longer came after the service was back; a quicker one shows that it was there when it was tried. */
const SLOW_NS = 0.5 * SECOND

interface Try {
  plannedT: number
  endT: number
  ok: boolean
  error?: string
}

interface Outage {
  fromT: number
  toT: number
  tries: number
  error: string
}

/** Availability as a new client sees it at the Service's address, second by second (docs/contract/upgrade.md#probe). */
export const available: Check<'available'> = (run, bounds) => {
  const limit = bounds.gapSeconds ?? 2
  const bound = text.bound({ gapSeconds: limit })
  const tries = triesOf(run)
  const fromT = run.moments.trigger ?? tries[0]?.plannedT ?? 0
  const toT = Math.min(run.moments.fleetStopping ?? run.moments.end, run.moments.end)
  if (tries.length < 2)
    return unknown({
      bound,
      measured: shared.unknown,
      why: text.noProbe,
      settle: text.noProbeSettle,
    })
  const outages = outagesOf(tries)
  const longest = outages.reduce<Outage | undefined>(
    (a, b) => (a && a.toT - a.fromT >= b.toT - b.fromT ? a : b),
    undefined,
  )
  const worst = longest ? longest.toT - longest.fromT : 0
  const figures = {
    longestGapSeconds: worst / SECOND,
    mostGapSeconds: limit,
    tries: tries.length,
    failedTries: tries.filter(({ ok }) => !ok).length,
  }
  if (longest && worst > limit * SECOND)
    return fail({
      bound,
      measured: text.measuredOutage({ ns: worst }),
      sentence: text.outage({
        ns: worst,
        at: moment(run, longest.fromT),
        tries: longest.tries,
        error: longest.error,
      }),
      evidence: [evidence('events.ndjson', longest.fromT, longest.toT, text.probesSeen)],
      figures,
      despiteHarness: worst - totalDelay(run, longest.fromT, longest.toT) > limit * SECOND,
    })
  const silence = silenceOf(tries, fromT, toT)
  if (silence.ns > bounds.silenceSeconds * SECOND)
    return unknown({
      bound,
      measured: shared.unknown,
      why: text.silence({ ns: silence.ns, at: moment(run, silence.fromT) }),
      settle: text.silenceSettle,
      figures,
    })
  return pass({
    bound,
    measured: text.measured({ ns: worst }),
    sentence: text.held({ tries: tries.length, ns: worst }),
    evidence: [evidence('events.ndjson', fromT, toT, text.probesSeen)],
    figures,
  })
}

function triesOf(run: RunView): Try[] {
  const stop = run.moments.fleetStopping ?? Number.POSITIVE_INFINITY
  const from = run.moments.trigger ?? 0
  return run
    .of('probe')
    .map((probe: ProbeEvent) => ({
      plannedT: probe.t - probe.tookNs,
      endT: probe.t,
      ok: probe.ok,
      error: probe.error,
    }))
    .filter(({ plannedT, endT }) => plannedT >= from && endT <= stop)
    .sort((a, b) => a.plannedT - b.plannedT)
}

/**
 * Stretches in which no round trip succeeded though one was tried: from the first try after a success, at the earliest from that success,
 * to the end of the next success, for the service may have come back any time before. Tries overlap, so one that takes long, or times
 * out, is no outage while others succeed.
 */
function outagesOf(tries: Try[]): Outage[] {
  const successes = tries.filter(({ ok }) => ok).sort((a, b) => a.endT - b.endT)
  const outages: Outage[] = []
  let before: Try | undefined
  for (const next of successes) {
    const isSlow = next.endT - next.plannedT > SLOW_NS
    note(before, next, isSlow ? next.endT : next.plannedT)
    if (before === undefined || next.plannedT > before.plannedT) before = next
  }
  const lastT = Math.max(0, ...tries.map(({ endT }) => endT))
  note(before, undefined, lastT)
  return outages

  function note(success: Try | undefined, next: Try | undefined, toT: number): void {
    const open = tries.filter(
      (one) => one.plannedT > (success?.plannedT ?? Number.NEGATIVE_INFINITY) && one.plannedT < toT,
    )
    const failed = open.filter(({ ok, endT }) => !ok || endT > toT)
    const [first] = open
    if (first === undefined) return
    const fromT = Math.max(success?.endT ?? first.plannedT, first.plannedT)
    const error = failed.length === 0 && next ? text.slow : (failed[0]?.error ?? text.noAnswer)
    if (toT > fromT) outages.push({ fromT, toT, tries: Math.max(1, failed.length), error })
  }
}

function silenceOf(tries: Try[], fromT: number, toT: number): { fromT: number; ns: number } {
  let silence = { fromT, ns: 0 }
  let lastT = fromT
  for (const { plannedT, endT } of tries) {
    if (plannedT - lastT > silence.ns) silence = { fromT: lastT, ns: plannedT - lastT }
    lastT = Math.max(lastT, endT)
  }
  if (toT - lastT > silence.ns) silence = { fromT: lastT, ns: toT - lastT }
  return silence
}
