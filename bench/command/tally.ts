import { createHistogram, type RecordableHistogram } from 'node:perf_hooks'
import {
  CLIENT_EVENT_KINDS,
  type ClientEventKind,
  type ClientEventReason,
  type ClientEvents,
} from '#weir/facts/client-events.ts'
import type { BreachCounts, ProtocolBreach } from '#weir/facts/index.ts'
import { BENCH_METRICS } from '#weir/facts/metrics.ts'
import { BucketCounts } from '#weir/metrics/bucket-counts.ts'
import type { Ending } from './endings.ts'

/** An hour, in the microseconds that the histograms count in. */
const LONGEST_US = 3_600_000_000

/** Milliseconds. */
export interface Latency {
  count: number
  p50Ms: number
  p90Ms: number
  p99Ms: number
  p999Ms: number
  maxMs: number
}

/** What became of a fleet's clients, added up from its events. */
export class Tally {
  /** Clients that were connected at least once. */
  everConnected = 0
  /** Connections that clients ended by plan, to come again. */
  leftByPlan = 0
  /** Packets out of place that the broker sent. */
  readonly breaches: BreachCounts = {}
  readonly #plannedNs: Float64Array
  readonly #attemptNs: Float64Array
  readonly #seen: Uint8Array
  /** By kind, reason and MQTT code. */
  readonly #endings = new Map<string, Ending>()
  readonly #fromPlan = makeHistogram()
  readonly #fromAttempt = makeHistogram()
  /** The same in seconds, by the buckets of its metric. */
  readonly connackSeconds = new BucketCounts(BENCH_METRICS.weir_bench_connack_seconds.buckets)

  constructor(clients: number) {
    this.#plannedNs = new Float64Array(clients)
    this.#attemptNs = new Float64Array(clients)
    this.#seen = new Uint8Array(clients)
  }

  add(batch: ClientEvents): void {
    for (const [breach, count] of Object.entries(batch.breaches ?? {}) as [ProtocolBreach, number][])
      this.breaches[breach] = (this.breaches[breach] ?? 0) + count
    for (let row = 0; row < batch.length; row++) {
      const client = batch.client[row]!
      const t = batch.t[row]!
      const kind = CLIENT_EVENT_KINDS[batch.kind[row]!]!
      if (kind === 'scheduled') this.#plannedNs[client] = t
      else if (kind === 'attempt') this.#attemptNs[client] = t
      else if (kind === 'left') this.#left(batch.reasons[batch.reason[row]!])
      else if (kind === 'connected') this.#connected(client, t)
      else if (kind === 'refused' || kind === 'failed' || kind === 'disconnected')
        this.#ended(kind, batch.reasons[batch.reason[row]!] as ClientEventReason, batch.code[row]!)
    }
  }

  /** How attempts and connections ended, the most frequent first. */
  get endings(): Ending[] {
    return [...this.#endings.values()].sort((a, b) => b.count - a.count)
  }

  /** From the planned arrival to the first CONNACK: a stalled generator or a queue cannot hide in it. */
  get fromPlan(): Latency {
    return latency(this.#fromPlan)
  }

  /** From each attempt's start to its CONNACK, on reconnects too. */
  get fromAttempt(): Latency {
    return latency(this.#fromAttempt)
  }

  #connected(client: number, t: number): void {
    const tookNs = t - this.#attemptNs[client]!
    this.#fromAttempt.record(microseconds(tookNs))
    this.connackSeconds.add(tookNs / 1e9)
    if (this.#seen[client]) return
    this.#seen[client] = 1
    this.everConnected++
    this.#fromPlan.record(microseconds(t - this.#plannedNs[client]!))
  }

  /** Those that leave because the run is over say so. */
  #left(reason: string | undefined): void {
    if (reason === '') this.leftByPlan++
  }

  #ended(kind: ClientEventKind, reason: ClientEventReason, code: number): void {
    // Attempts cut off by stopping are no failures.
    if (reason === 'stopped') return
    const key = `${kind} ${reason} ${code}`
    const ending = this.#endings.get(key)
    if (ending) ending.count++
    else this.#endings.set(key, { kind, reason, code, count: 1 })
  }
}

/** Node's own HDR histogram. */
function makeHistogram(): RecordableHistogram {
  return createHistogram({ lowest: 1, highest: LONGEST_US, figures: 3 })
}

function microseconds(ns: number): number {
  return Math.min(LONGEST_US, Math.max(1, Math.round(ns / 1000)))
}

function latency(histogram: RecordableHistogram): Latency {
  const { count, max } = histogram
  if (count === 0) return { count, p50Ms: 0, p90Ms: 0, p99Ms: 0, p999Ms: 0, maxMs: 0 }
  const at = (percentile: number) => histogram.percentile(percentile) / 1000
  return { count, p50Ms: at(50), p90Ms: at(90), p99Ms: at(99), p999Ms: at(99.9), maxMs: max / 1000 }
}
