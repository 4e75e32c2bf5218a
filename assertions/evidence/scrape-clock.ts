import type { RunView } from '#weir/record/view/index.ts'
import { rangeWithin, type StepCount } from '../statistics/index.ts'
import { connectedCounts } from './connected-counts.ts'
import { type GaugeSamples, samplesByNode } from './gauge-samples.ts'
import { parkedSessions } from './parked-sessions.ts'
import { SECOND } from './wording.ts'

/** A gauge shows what was true at some moment up to so long ago. */
const STALE_SECONDS = 2
/** An offset as small as this is no other clock. */
const USUAL_SECONDS = 1.5
const MOST_SECONDS = 15
const STEP_SECONDS = 0.5
/** How much better the gauges must agree with the clients, as a share of their disagreement. */
const BETTER = 0.2
/** Connections of others, such as the probe. */
const OTHERS = 3

/**
 * What must be added to the scrapes' times for all gauges to agree with the clients, in nanoseconds, where the times as they
 * are make them disagree: then the scrapes come from another clock. Undefined otherwise, and when no offset makes them agree.
 */
export function scrapeClockOffset(run: RunView): number | undefined {
  if (run.connections.length === 0) return undefined
  const { onNode } = connectedCounts(run)
  const { liveConnectionsMetric, connectionsMetric } = run.parameters.dialect
  const live = samplesByNode(run, liveConnectionsMetric)
  const gauges = live.size > 0 ? live : samplesByNode(run, connectionsMetric)
  const parked = live.size > 0 ? undefined : parkedSessions(run).anywhere
  const costAt = (seconds: number) =>
    [...gauges.values()].reduce(
      (sum, gauge) => sum + disagreement(gauge, onNode.get(gauge.node), parked, seconds),
      0,
    )
  let [best, cost] = [0, Number.POSITIVE_INFINITY]
  let usual = Number.POSITIVE_INFINITY
  for (let seconds = -MOST_SECONDS; seconds <= MOST_SECONDS; seconds += STEP_SECONDS) {
    const one = costAt(seconds)
    if (Math.abs(seconds) <= USUAL_SECONDS) usual = Math.min(usual, one)
    // Of offsets that fit alike, the smallest.
    if (one < cost || (one === cost && Math.abs(seconds) < Math.abs(best))) [best, cost] = [seconds, one]
  }
  return usual === 0 || cost > BETTER * usual ? undefined : best * SECOND
}

/** `parked`: sessions without a client, which this gauge counts too. */
function disagreement(
  gauge: GaugeSamples,
  count: StepCount | undefined,
  parked: StepCount | undefined,
  seconds: number,
): number {
  let sum = 0
  for (let i = 0; i < gauge.t.length; i++) {
    const toT = gauge.t[i]! + seconds * SECOND
    const fromT = toT - STALE_SECONDS * SECOND
    const { least, most } = count ? rangeWithin(count, fromT, toT) : { least: 0, most: 0 }
    const extra = parked ? rangeWithin(parked, fromT, toT).most : 0
    const off = Math.max(least - gauge.value[i]!, gauge.value[i]! - most - extra)
    if (off > OTHERS) sum += off
  }
  return sum
}
