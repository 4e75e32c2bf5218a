import type { Histogram } from 'node:perf_hooks'
import type { FleetHealth } from '../types.ts'
import { LOOP_PROBE_MS } from './shard-messages.ts'

/** Histograms that a worker fills and the main thread reads and resets. */
export interface ShardProbes {
  /** Nanoseconds between two samples, including the sampling interval. */
  loopDelay: Histogram
  /** Microseconds. */
  lag: Histogram
  /** Of a shard in another process: how often what it measured arrives. Of a thread what it measures is there at once. */
  reportedEveryMs?: number
}

/** Says how the worst shard did since the call before. */
export class HealthReader {
  readonly #probes: readonly ShardProbes[]
  #lastCallMs = performance.now()

  constructor(probes: readonly ShardProbes[]) {
    this.#probes = probes
  }

  read(): FleetHealth {
    const nowMs = performance.now()
    const elapsedMs = nowMs - this.#lastCallMs
    this.#lastCallMs = nowMs
    const shards = this.#probes.map((probes) => readShard(probes, elapsedMs))
    const worst = shards.map((shard) => shard.late).reduce(worseLateTime)
    return {
      ...worst,
      loopDelayP99Ms: Math.max(...shards.map((shard) => shard.loopDelayP99Ms)),
      loopDelayMaxMs: Math.max(...shards.map((shard) => shard.loopDelayMaxMs)),
      scheduleLagP99Ms: Math.max(...shards.map((shard) => shard.scheduleLagP99Ms)),
    }
  }
}

interface ShardHealth extends Omit<FleetHealth, keyof LateTime> {
  late: LateTime
}

function readShard({ loopDelay, lag, reportedEveryMs = 0 }: ShardProbes, elapsedMs: number): ShardHealth {
  // A loop that is stuck now has recorded nothing, which must not look like no delay.
  const silent = loopDelay.count === 0 && elapsedMs > 5 * LOOP_PROBE_MS + 3 * reportedEveryMs
  const beyond = (ns: number) => (silent ? elapsedMs : Math.max(0, ns / 1e6 - LOOP_PROBE_MS))
  const health = {
    late: silent
      ? { watchedMs: elapsedMs, lateMs: elapsedMs }
      : lateTimeOf(loopDelay, LOOP_PROBE_MS, elapsedMs),
    loopDelayP99Ms: beyond(loopDelay.count === 0 ? 0 : loopDelay.percentile(99)),
    loopDelayMaxMs: beyond(loopDelay.count === 0 ? 0 : loopDelay.max),
    scheduleLagP99Ms: lag.count === 0 ? 0 : lag.percentile(99) / 1000,
  }
  loopDelay.reset()
  lag.reset()
  return health
}

/** What waits longer than this for its turn of an event loop is late. */
export const LATE_MS = 50

/** What a histogram of event-loop delay has to offer for adding up. */
interface DelayHistogram {
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
interface LateTime {
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
