import { createRequire } from 'node:module'
import type { Histogram } from 'hdr-histogram-js'
import type { MessageLatency, Qos } from '#weir/facts/index.ts'

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
}

const HOUR_MICROS = 3_600_000_000

function makeHistogram(): Histogram {
  return hdr().build({
    highestTrackableValue: HOUR_MICROS,
    numberOfSignificantValueDigits: 3,
    useWebAssembly: false,
  })
}

/** Latencies of one shard in microseconds. A histogram takes 180 KiB, so one is made when its first message comes. */
export class Latencies {
  readonly #histograms: Record<Of, Histogram[]> = { ack: [], delivery: [] }

  record(of: Of, qos: Qos, ms: number): void {
    const histograms = this.#histograms[of]
    histograms[qos] ??= makeHistogram()
    histograms[qos].recordValue(Math.min(HOUR_MICROS, Math.max(1, Math.round(ms * 1000))))
  }

  parts(): LatencyPart[] {
    return (['ack', 'delivery'] as const).flatMap((of) =>
      this.#histograms[of].flatMap((histogram, qos) => [
        { of, qos: qos as Qos, histogram: hdr().encodeIntoCompressedBase64(histogram) },
      ]),
    )
  }
}

/** The percentiles over all shards. */
export function latencyFindings(parts: readonly LatencyPart[]): MessageLatency[] {
  const merged = new Map<string, { of: Of; qos: Qos; all: Histogram }>()
  for (const { of, qos, histogram } of parts) {
    const key = `${of}${qos}`
    const entry = merged.get(key) ?? { of, qos, all: makeHistogram() }
    entry.all.add(hdr().decodeFromCompressedBase64(histogram))
    merged.set(key, entry)
  }
  return [...merged.values()]
    .sort((a, b) => a.of.localeCompare(b.of) || a.qos - b.qos)
    .map(({ of, qos, all }) => ({
      of,
      qos,
      count: all.totalCount,
      p50Ms: all.getValueAtPercentile(50) / 1000,
      p90Ms: all.getValueAtPercentile(90) / 1000,
      p99Ms: all.getValueAtPercentile(99) / 1000,
      p999Ms: all.getValueAtPercentile(99.9) / 1000,
      maxMs: all.maxValue / 1000,
    }))
}
