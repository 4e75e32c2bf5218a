import { createRequire } from 'node:module'
import type { Histogram } from 'hdr-histogram-js'
import {
  type Buckets,
  type LatencyBuckets,
  MESSAGE_LATENCY_BUCKETS,
  type MessageLatency,
  type Qos,
} from '#weir/facts/index.ts'
import { BucketCounts } from '#weir/metrics/bucket-counts.ts'

type Hdr = typeof import('hdr-histogram-js')

let loaded: Hdr | undefined

/** Loaded with the first message: a fleet that only connects would carry some 20 MiB in each thread for nothing. */
function hdr(): Hdr {
  loaded ??= createRequire(import.meta.url)('hdr-histogram-js') as Hdr
  return loaded
}

type Of = MessageLatency['of']

/** A histogram as it crosses threads and processes, where those of perf_hooks cannot go and still be merged. */
export interface LatencyPart {
  of: Of
  qos: Qos
  histogram: string
  buckets: Buckets
}

const HOUR_MICROS = 3_600_000_000

function makeHistogram(): Histogram {
  return hdr().build({
    highestTrackableValue: HOUR_MICROS,
    numberOfSignificantValueDigits: 3,
    useWebAssembly: false,
  })
}

/** Latencies of one shard. A histogram (in microseconds) takes 180 KiB, so one is made when its first message comes. */
export class Latencies {
  readonly #kinds: Record<Of, { histogram: Histogram; buckets: BucketCounts }[]> = { ack: [], delivery: [] }

  record(of: Of, qos: Qos, ms: number): void {
    const kinds = this.#kinds[of]
    kinds[qos] ??= { histogram: makeHistogram(), buckets: new BucketCounts(MESSAGE_LATENCY_BUCKETS) }
    const { histogram, buckets } = kinds[qos]
    histogram.recordValue(Math.min(HOUR_MICROS, Math.max(1, Math.round(ms * 1000))))
    buckets.add(Math.max(0, ms) / 1000)
  }

  parts(): LatencyPart[] {
    return this.#each((of, qos, { histogram, buckets }) => ({
      ...{ of, qos, histogram: hdr().encodeIntoCompressedBase64(histogram), buckets: buckets.buckets },
    }))
  }

  /** All so far, in few numbers. */
  buckets(): LatencyBuckets[] {
    return this.#each((of, qos, { buckets }) => ({ of, qos, ...buckets.buckets }))
  }

  #each<T>(read: (of: Of, qos: Qos, kind: { histogram: Histogram; buckets: BucketCounts }) => T): T[] {
    return (['ack', 'delivery'] as const).flatMap((of) =>
      this.#kinds[of].flatMap((kind, qos) => [read(of, qos as Qos, kind)]),
    )
  }
}

/** The percentiles over all shards. */
export function latencyFindings(parts: readonly LatencyPart[]): MessageLatency[] {
  return byKind(parts).map(({ of, qos, all }) => {
    const histogram = makeHistogram()
    for (const part of all) histogram.add(hdr().decodeFromCompressedBase64(part.histogram))
    return {
      of,
      qos,
      count: histogram.totalCount,
      p50Ms: histogram.getValueAtPercentile(50) / 1000,
      p90Ms: histogram.getValueAtPercentile(90) / 1000,
      p99Ms: histogram.getValueAtPercentile(99) / 1000,
      p999Ms: histogram.getValueAtPercentile(99.9) / 1000,
      maxMs: histogram.maxValue / 1000,
      buckets: sumOf(all.map(({ buckets }) => buckets)),
    }
  })
}

/** The buckets over all shards. */
export const joinedBuckets = (parts: readonly LatencyBuckets[]): LatencyBuckets[] =>
  byKind(parts).map(({ of, qos, all }) => ({ of, qos, ...sumOf(all) }))

/** In the order of the record. */
function byKind<Part extends { of: Of; qos: Qos }>(
  parts: readonly Part[],
): { of: Of; qos: Qos; all: Part[] }[] {
  return [...Map.groupBy(parts, ({ of, qos }) => `${of}${qos}`).values()]
    .map((all) => ({ of: all[0]!.of, qos: all[0]!.qos, all }))
    .sort((a, b) => a.of.localeCompare(b.of) || a.qos - b.qos)
}

const sumOf = (all: readonly Buckets[]): Buckets => ({
  upToSeconds: MESSAGE_LATENCY_BUCKETS,
  counts: Array.from({ length: MESSAGE_LATENCY_BUCKETS.length + 1 }, (_, bucket) =>
    all.reduce((sum, { counts }) => sum + counts[bucket]!, 0),
  ),
  // Microseconds are what a latency is measured to.
  sumSeconds: Math.round(all.reduce((sum, { sumSeconds }) => sum + sumSeconds, 0) * 1e6) / 1e6,
})
