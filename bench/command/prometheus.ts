import { BENCH_METRICS } from '#weir/facts/metrics.ts'
import { exposition, type MetricsServer, plain, type Samples, serveMetrics } from '#weir/metrics/index.ts'
import type { FleetCounters } from '../types.ts'
import type { Snapshot } from './progress.ts'
import type { Tally } from './tally.ts'

type BenchSamples = Samples<typeof BENCH_METRICS>

/**
 * Serves /metrics. `place` is "[host:]port", "" for the default. `read` is undefined before the fleet has started. Throws
 * WEIR_USAGE and WEIR_ADDRESS_IN_USE.
 */
export async function serveBenchMetrics(
  place: string,
  read: () => (Snapshot & { tally: Tally }) | undefined,
): Promise<MetricsServer> {
  return serveMetrics(place, await exposition(BENCH_METRICS, () => samplesOf(read())))
}

/** Before the fleet has started everything is zero, and no attempt has been measured. */
function samplesOf(now: (Snapshot & { tally: Tally }) | undefined): BenchSamples {
  const count = (name: keyof FleetCounters) => plain(now?.counters[name] ?? 0)
  return {
    weir_bench_scheduled_total: count('scheduled'),
    weir_bench_attempts_total: count('attempts'),
    weir_bench_connected_total: count('connected'),
    weir_bench_refused_total: count('refused'),
    weir_bench_failed_total: count('failed'),
    weir_bench_slow_handshakes_total: count('slowHandshakes'),
    weir_bench_disconnected_total: count('disconnected'),
    weir_bench_gave_up_total: count('gaveUp'),
    weir_bench_subscribes_refused_total: count('subscribesRefused'),
    weir_bench_published_total: count('published'),
    weir_bench_acknowledged_total: count('acknowledged'),
    weir_bench_received_total: count('received'),
    weir_bench_online: count('online'),
    weir_bench_in_flight: count('inFlight'),
    weir_bench_cannot_publish: count('cannotPublish'),
    weir_bench_subscribed: count('subscribed'),
    weir_bench_clients: plain(now?.clients ?? 0),
    weir_bench_connack_seconds: now?.tally.connackSeconds.samples() ?? [],
  }
}
