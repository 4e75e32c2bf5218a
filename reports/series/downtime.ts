import { build } from 'hdr-histogram-js'
import type { RunView } from '#weir/record/view/index.ts'

export interface DowntimeBin {
  fromMs: number
  toMs: number
  count: number
}

export interface Downtime {
  /** Spells that ended within the record. */
  count: number
  /** Spells that the record does not see ending. */
  open: number
  percentiles: { percentile: number; ms: number }[]
  bins: DowntimeBin[]
}

const PERCENTILES = [50, 90, 99, 99.9, 100]
const LONGEST_MS = 24 * 3600 * 1000
/** Bins per doubling: wide enough to hold clients, narrow enough to show a jittered policy's shape. */
const BINS_PER_OCTAVE = 4

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
  const bins = new Map<number, number>()
  let open = 0
  const { spells } = run
  for (let row = 0; row < spells.length; row++) {
    if (spells.away[row]) continue
    const ms = (spells.to[row]! - spells.from[row]!) / 1e6
    if (!Number.isFinite(ms)) {
      open++
      continue
    }
    const value = Math.min(Math.max(Math.round(ms), 1), LONGEST_MS)
    histogram.recordValue(value)
    const bin = Math.floor(Math.log2(value) * BINS_PER_OCTAVE)
    bins.set(bin, (bins.get(bin) ?? 0) + 1)
  }
  const count = histogram.totalCount
  const percentiles =
    count === 0
      ? []
      : PERCENTILES.map((percentile) => ({ percentile, ms: histogram.getValueAtPercentile(percentile) }))
  histogram.destroy()
  return { count, open, percentiles, bins: filled(bins) }
}

/** Bins without a gap from the first to the last that holds anybody. */
function filled(bins: ReadonlyMap<number, number>): DowntimeBin[] {
  if (bins.size === 0) return []
  const first = Math.min(...bins.keys())
  const last = Math.max(...bins.keys())
  const edge = (bin: number) => 2 ** (bin / BINS_PER_OCTAVE)
  return Array.from({ length: last - first + 1 }, (_, index) => ({
    fromMs: edge(first + index),
    toMs: edge(first + index + 1),
    count: bins.get(first + index) ?? 0,
  }))
}
