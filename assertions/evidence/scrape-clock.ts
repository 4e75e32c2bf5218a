import type { RunView } from '#weir/record/view/index.ts'
import { rangeWithin, type StepCount } from '../statistics/index.ts'
import { connectedCounts } from './connected-counts.ts'
import { type GaugeSamples, samplesByNode } from './gauge-samples.ts'
import { parkedSessions } from './parked-sessions.ts'
import { SECOND } from './wording.ts'

/** A gauge shows what was true at some moment up to so long ago. */
const STALE_SECONDS = 2
const MOST_SECONDS = 15
const STEP_SECONDS = 0.25
/** How much better the gauges must agree with the clients, as a share of their disagreement. */
const BETTER = 0.2
/** Offsets agree alike when their disagreements differ by at most this share of what it is with none. */
const ALIKE = 0.02
/** Connections of others, such as the probe. */
const OTHERS = 3

/**
 * What may have to be added to the scrapes' times for all gauges to agree with the clients, in nanoseconds, where the times as they
 * are make them disagree: then the scrapes come from another clock. All offsets with which they agree alike, from the middle of
 * these outwards: gauges that stand still, or are stale, fit more than one. Empty when the times agree as they are, and when no offset makes them.
 */
export function scrapeClockOffsets(run: RunView): number[] {
  if (run.connections.length === 0) return []
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
  const asRecorded = costAt(0)
  if (asRecorded === 0) return []
  const offsets: { seconds: number; cost: number }[] = []
  for (let seconds = -MOST_SECONDS; seconds <= MOST_SECONDS; seconds += STEP_SECONDS)
    offsets.push({ seconds, cost: costAt(seconds) })
  const least = Math.min(...offsets.map(({ cost }) => cost))
  const mostAlike = least + ALIKE * asRecorded
  if (asRecorded <= mostAlike || least > BETTER * asRecorded) return []
  const alike = offsets.filter(({ cost }) => cost <= mostAlike)
  const middle = alike[alike.length >> 1]!.seconds
  return alike
    .map(({ seconds }) => seconds)
    .sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle))
    .map((seconds) => seconds * SECOND)
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
