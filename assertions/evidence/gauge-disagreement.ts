import type { RunView } from '#weir/record/view/index.ts'
import { lastAtOrBefore } from '../statistics/index.ts'
import { type GaugeSamples, samplesByNode } from './gauge-samples.ts'
import { moment, SECOND, shortName } from './wording.ts'

/** Two sources that read one gauge at different moments differ by what changed in between: only a gauge that stands still is compared. */
const FLAT_READINGS = 2
const TOLERANCE = 5
const TOLERANCE_SHARE = 0.05
/** One reading alone may be a moment that neither source shows. */
const LEAST_READINGS = 2
/** A gauge is up to so old, beside the time between two scrapes. */
const STALE_SECONDS = 3

/** Where the Prometheus shows another value of a gauge than weir's own scrapes around it. */
export interface Disagreement {
  metric: string
  node: string
  at: ReturnType<typeof moment>
  own: number
  other: number
  readings: number
}

/** The largest difference between the two sources, where they disagree about one gauge; undefined where they agree. */
export function gaugeDisagreement(own: RunView, other: RunView): Disagreement | undefined {
  if (!own.hasParameters) return undefined
  const { connectionsMetric, liveConnectionsMetric } = own.parameters.dialect
  let worst: Disagreement | undefined
  for (const metric of [connectionsMetric, liveConnectionsMetric]) {
    const others = samplesByNode(other, metric)
    for (const [node, samples] of samplesByNode(own, metric)) {
      const found = differences(own, samples, others.get(node))
      if (found.length < LEAST_READINGS) continue
      const first = found.reduce((a, b) => (Math.abs(b.other - b.own) > Math.abs(a.other - a.own) ? b : a))
      if (worst && Math.abs(worst.other - worst.own) >= Math.abs(first.other - first.own)) continue
      const place = { metric, node: shortName(own, node), at: moment(own, first.t) }
      worst = { ...place, own: first.own, other: first.other, readings: found.length }
    }
  }
  return worst
}

function differences(run: RunView, own: GaugeSamples, other: GaugeSamples | undefined) {
  const found: { t: number; own: number; other: number }[] = []
  const reachNs = (FLAT_READINGS * run.parameters.scrapeIntervalSeconds + STALE_SECONDS) * SECOND
  for (let i = 0; i < (other?.t.length ?? 0); i++) {
    const [t, value] = [other!.t[i]!, other!.value[i]!]
    const before = lastAtOrBefore(own.t, t)
    const [from, to] = [before - FLAT_READINGS + 1, before + FLAT_READINGS]
    if (from < 0 || to >= own.t.length) continue
    if (t - own.t[from]! > reachNs || own.t[to]! - t > reachNs) continue
    const around = own.value.subarray(from, to + 1)
    const [least, most] = [Math.min(...around), Math.max(...around)]
    const tolerance = Math.max(TOLERANCE, TOLERANCE_SHARE * most)
    if (most - least > tolerance) continue
    if (value < least - tolerance || value > most + tolerance)
      found.push({ t, own: own.value[before]!, other: value })
  }
  return found
}
