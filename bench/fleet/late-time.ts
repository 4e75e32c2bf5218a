/** What waits longer than this for its turn of an event loop is late. */
export const LATE_MS = 50

/** What a histogram of event-loop delay has to offer for adding up. */
export interface DelayHistogram {
  /** Turns measured. */
  readonly count: number
  /** Nanoseconds between two turns, the probe's own period included. */
  percentile(percentile: number): number
}

/**
 * How long a loop was watched, and how much of that time anything due would have waited more than LATE_MS (of a stall of
 * 300 ms the first 250). The p99 of the wait is below LATE_MS exactly when late ≤ watched / 100; unlike percentiles these
 * sums can be added up.
 */
export interface LateTime {
  watchedMs: number
  lateMs: number
}

/** Adds up a delay histogram's late time, from the longest delay down. `periodMs` is the probe's own period. */
export function lateTimeOf(delays: DelayHistogram, periodMs: number, watchedMs: number): LateTime {
  const turns = Number(delays.count)
  let lateMs = 0
  for (let rank = turns; rank > 0; rank--) {
    const beyondMs = delays.percentile((100 * (rank - 0.5)) / turns) / 1e6 - periodMs - LATE_MS
    if (beyondMs <= 0) break
    lateMs += beyondMs
  }
  return { watchedMs, lateMs }
}

/** The loop with the larger share of late time. */
export function worseLateTime(a: LateTime, b: LateTime): LateTime {
  return b.lateMs * a.watchedMs > a.lateMs * b.watchedMs || a.watchedMs === 0 ? b : a
}
