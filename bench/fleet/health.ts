import type { Histogram } from 'node:perf_hooks'
import {
  type LateTime,
  type LoopHealth,
  loopHealthOf,
  type PingHealth,
  worseLateTime,
} from '#weir/facts/index.ts'
import type { FleetHealth } from '../types.ts'
import type { MemberHost } from './hosts/shard-host.ts'
import { LOOP_PROBE_MS } from './shard-messages.ts'

/** Histograms that a worker fills and the main thread reads and resets. */
export interface ShardProbes {
  /** Nanoseconds between two samples, including the sampling interval. */
  loopDelay: Histogram
  /** Microseconds. */
  lag: Histogram
  /** Microseconds. */
  ping: Histogram
  /**
   * Of a shard in another process: how often what it measured arrives; infinity where a silence is the path's and what was measured comes
   * later. Of a thread what it measures is there at once.
   */
  reportedEveryMs?: number
}

/** Says how the worst shard did since the call before. */
export class HealthReader {
  readonly #probes: readonly ShardProbes[]
  #lastCallMs = performance.now()
  /** For how long each shard has recorded nothing. */
  readonly #silentMs: number[]
  #members: readonly Pick<MemberHost, 'name' | 'shards'>[]

  /** `members`: which shards run on other machines. */
  constructor(probes: readonly ShardProbes[], members: readonly Pick<MemberHost, 'name' | 'shards'>[] = []) {
    this.#probes = probes
    this.#silentMs = probes.map(() => 0)
    this.#members = members
  }

  /** A member is gone: its silence says nothing of the others. The last one stays, for the fleet ends with it. */
  forget(member: string): void {
    if (this.#members.length > 1) this.#members = this.#members.filter(({ name }) => name !== member)
  }

  read(): FleetHealth {
    const nowMs = performance.now()
    const elapsedMs = nowMs - this.#lastCallMs
    this.#lastCallMs = nowMs
    const all = this.#probes.map((probes, shard) => this.#readShard(probes, shard, elapsedMs))
    const members = this.#members.map(({ name, shards }) => ({
      name,
      loops: shards.map((shard) => all[shard]!.loop),
    }))
    const present = this.#members.flatMap(({ shards }) => shards.map((shard) => all[shard]!))
    const shards = members.length > 0 ? present : all
    return {
      ...worstLoop(shards.map(({ loop }) => loop)),
      ...(members.length > 0 && {
        members: members.map(({ name, loops }) => ({ name, ...worstLoop(loops) })),
      }),
      scheduleLagP99Ms: Math.max(...shards.map(({ scheduleLagP99Ms }) => scheduleLagP99Ms)),
      ...pingsOf(shards.flatMap(({ pings }) => pings ?? [])),
    }
  }

  #readShard(
    { loopDelay, lag, ping, reportedEveryMs }: ShardProbes,
    shard: number,
    elapsedMs: number,
  ): { loop: LoopHealth; scheduleLagP99Ms: number; pings: PingHealth | undefined } {
    // A loop that is stuck now has recorded nothing, which must not look like no delay.
    const isSilent = loopDelay.count === 0 && elapsedMs > 5 * LOOP_PROBE_MS + 3 * (reportedEveryMs ?? 0)
    const silentMs = isSilent ? this.#silentMs[shard]! + elapsedMs : 0
    this.#silentMs[shard] = silentMs
    // What a child process has not sent yet is no turn that a reset hid.
    const coveredMs = reportedEveryMs === undefined ? elapsedMs : 0
    const loop = isSilent
      ? { watchedMs: elapsedMs, lateMs: elapsedMs, loopDelayP99Ms: silentMs, loopDelayMaxMs: silentMs }
      : { ...loopHealthOf(loopDelay, LOOP_PROBE_MS, coveredMs), watchedMs: elapsedMs }
    const scheduleLagP99Ms = lag.count === 0 ? 0 : lag.percentile(99) / 1000
    const answered = Number(ping.count)
    const pings =
      answered === 0 ? undefined : { answered, quickestMs: ping.min / 1000, slowestMs: ping.max / 1000 }
    loopDelay.reset()
    lag.reset()
    ping.reset()
    return { loop, scheduleLagP99Ms, pings }
  }
}

function worstLoop(loops: readonly LoopHealth[]): LoopHealth {
  return {
    ...loops.map(({ watchedMs, lateMs }): LateTime => ({ watchedMs, lateMs })).reduce(worseLateTime),
    loopDelayP99Ms: Math.max(...loops.map(({ loopDelayP99Ms }) => loopDelayP99Ms)),
    loopDelayMaxMs: Math.max(...loops.map(({ loopDelayMaxMs }) => loopDelayMaxMs)),
  }
}

/** Those of all shards; nothing where none was answered. */
function pingsOf(shards: readonly PingHealth[]): { pings?: PingHealth } {
  if (shards.length === 0) return {}
  return {
    pings: {
      answered: shards.reduce((sum, { answered }) => sum + answered, 0),
      quickestMs: Math.min(...shards.map(({ quickestMs }) => quickestMs)),
      slowestMs: Math.max(...shards.map(({ slowestMs }) => slowestMs)),
    },
  }
}
