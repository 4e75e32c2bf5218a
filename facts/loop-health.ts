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

/** How an event loop did since the reading before. */
export interface LoopHealth extends LateTime {
  loopDelayP99Ms: number
  loopDelayMaxMs: number
}

/** Round trips of clients' keep-alive pings that were answered since the reading before, by any node. */
export interface PingHealth {
  answered: number
  quickestMs: number
  slowestMs: number
}

/** Two readings of one loop as one; the percentile is the larger of the two. */
export function joinedLoopHealth(a: LoopHealth, b: LoopHealth): LoopHealth {
  return {
    watchedMs: a.watchedMs + b.watchedMs,
    lateMs: a.lateMs + b.lateMs,
    loopDelayP99Ms: Math.max(a.loopDelayP99Ms, b.loopDelayP99Ms),
    loopDelayMaxMs: Math.max(a.loopDelayMaxMs, b.loopDelayMaxMs),
  }
}

/** What is read of a delay histogram as a whole. `max` and `mean` mean nothing without a turn. */
export interface LoopHistogram extends DelayHistogram {
  readonly max: number
  readonly mean: number
}

/**
 * How a loop did in `elapsedMs`, from its histogram, which was reset at the beginning of that time. Node forgets at a reset when the last
 * turn was and records nothing of a turn that a reset falls into, however long it is: what the turns do not cover is taken for one.
 */
export function loopHealthOf(delays: LoopHistogram, periodMs: number, elapsedMs: number): LoopHealth {
  const turns = Number(delays.count)
  const beyond = (ns: number) => (turns === 0 ? 0 : Math.max(0, ns / 1e6 - periodMs))
  const notCoveredMs = elapsedMs - (turns === 0 ? 0 : (turns * delays.mean) / 1e6)
  // Less than a turn at either end is nothing.
  const hiddenMs = notCoveredMs > 3 * periodMs ? notCoveredMs - periodMs : 0
  const { watchedMs, lateMs } = lateTimeOf(delays, periodMs, elapsedMs)
  return {
    watchedMs,
    lateMs: lateMs + Math.max(0, hiddenMs - LATE_MS),
    // One turn of fewer than a hundred is the 99th percentile.
    loopDelayP99Ms: Math.max(beyond(delays.percentile(99)), turns < 100 ? hiddenMs : 0),
    loopDelayMaxMs: Math.max(beyond(delays.max), hiddenMs),
  }
}
