import type { Histogram } from 'node:perf_hooks'
import type { FleetHealth } from '../types.ts'
import { type LateTime, lateTimeOf, worseLateTime } from './late-time.ts'
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
