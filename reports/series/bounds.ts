import type { RunView } from '#weir/record/view/index.ts'

/** The lines that charts draw beside what was measured: the arrival curves of the design, in connections. */
export interface ChartBounds {
  ratePerSecond: number
  /** One tick plus one that was seen late: 2R + 2 (design: eviction-envelope). */
  evictionBurst: number
  /** 3R + 2, and R for each second that the reconnect policy spreads its clients over (design: no-storm). */
  attemptBurst: number
  loopDelayP99Ms: number
  scheduleLagP99Ms: number
}

/** Undefined when the run ended before its rates were known. */
export function chartBounds(run: RunView): ChartBounds | undefined {
  if (!run.hasParameters) return undefined
  const { connEvictRate: rate, reconnect } = run.parameters
  const spreadSeconds = Math.max(0, reconnect.maxMs - reconnect.minMs) / 1000
  return {
    ratePerSecond: rate,
    evictionBurst: 2 * rate + 2,
    attemptBurst: 3 * rate + 2 + rate * spreadSeconds,
    loopDelayP99Ms: 50,
    scheduleLagP99Ms: 100,
  }
}
