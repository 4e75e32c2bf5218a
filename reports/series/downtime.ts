import { build } from 'hdr-histogram-js'
import { knownUntil, lostPods, type RunView } from '#weir/record/view/index.ts'

export interface DowntimeBin {
  fromMs: number
  toMs: number
  count: number
}

export interface Downtime {
  /** Spells that ended within the record. */
  count: number
  /** Spells that the record does not see ending, of clients that are known to its end. */
  open: number
  percentiles: { percentile: number; ms: number }[]
  bins: DowntimeBin[]
}

const PERCENTILES = [50, 90, 99, 99.9, 100]
const LONGEST_MS = 24 * 3600 * 1000
/** Bins per doubling: narrow where all clients were away about equally long, wide where the times spread. */
const FINE = 24
const COARSE = 4
const FINE_UP_TO_OCTAVES = 3

/**
 * How long clients were without a connection, from its unwanted end to the next CONNACK 0: percentiles by HDR
 * histogram (three significant digits), and bins of a logarithmic axis.
 */
export function downtime(run: RunView): Downtime {
  const histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: LONGEST_MS,
    numberOfSignificantValueDigits: 3,
  })
  const times: number[] = []
  let open = 0
  const { spells } = run
  const until = knownUntil(lostPods(run.record))
  for (let row = 0; row < spells.length; row++) {
    if (spells.away[row]) continue
    const ms = (spells.to[row]! - spells.from[row]!) / 1e6
    if (!Number.isFinite(ms)) {
      if (until(spells.client[row]!) === Number.POSITIVE_INFINITY) open++
      continue
    }
    const value = Math.min(Math.max(Math.round(ms), 1), LONGEST_MS)
    histogram.recordValue(value)
    times.push(value)
  }
  const count = histogram.totalCount
  const percentiles =
    count === 0
      ? []
      : PERCENTILES.map((percentile) => ({ percentile, ms: histogram.getValueAtPercentile(percentile) }))
  histogram.destroy()
  return { count, open, percentiles, bins: binsOf(times) }
}

/** Bins without a gap from the first to the last that holds anybody. */
function binsOf(timesMs: readonly number[]): DowntimeBin[] {
  if (timesMs.length === 0) return []
  const shortest = timesMs.reduce((least, ms) => Math.min(least, ms))
  const longest = timesMs.reduce((most, ms) => Math.max(most, ms))
  const perOctave = Math.log2(longest / shortest) <= FINE_UP_TO_OCTAVES ? FINE : COARSE
  const binOf = (ms: number) => Math.floor(Math.log2(ms) * perOctave)
  const edge = (bin: number) => 2 ** (bin / perOctave)
  const first = binOf(shortest)
  const bins = Array.from({ length: binOf(longest) - first + 1 }, (_, index) => ({
    fromMs: edge(first + index),
    toMs: edge(first + index + 1),
    count: 0,
  }))
  for (const ms of timesMs) bins[binOf(ms) - first]!.count++
  return bins
}
