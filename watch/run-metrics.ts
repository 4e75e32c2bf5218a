import { envelopeBound } from '#weir/assertions/statistics/index.ts'
import type { Verdict } from '#weir/assertions/verdict/verdict.ts'
import {
  ASSERTIONS,
  type ClientEvents,
  ClusterStates,
  FIGURE_IDS,
  type FleetTable,
  type LatencyBuckets,
  type LedgerReport,
  type Manifest,
  type RecordEvent,
  RUN_METRICS,
  type Scrape,
} from '#weir/facts/index.ts'
import {
  BucketCounts,
  bucketSamples,
  byLabel,
  current,
  plain,
  type Sample,
  type Samples,
} from '#weir/metrics/index.ts'
import type { RecordListener } from '#weir/record/index.ts'
import { ClientStates } from './client-states.ts'
import { Evictions } from './evictions.ts'

type RunSamples = Samples<typeof RUN_METRICS>

/**
 * The metrics of a run, from the facts in its record: while they are recorded, or read again later. What a verdict says is judged from
 * the whole record; these are what is known at the moment.
 */
export class RunMetrics implements RecordListener {
  #manifest: Manifest | undefined
  #clients = 0
  #isTriggered = false
  #isStopping = false
  #lossesBefore = 0
  #step: string | undefined
  #verdict: Verdict | undefined
  #latencies: readonly LatencyBuckets[] = []
  readonly #steps = new Set<string>()
  readonly #states = new ClusterStates()
  readonly #stateNames = new Set<string>()
  /** Pod by EMQX node. */
  readonly #pods = new Map<string, string>()
  readonly #connections = new Map<string, number>()
  readonly #downtime = new BucketCounts(RUN_METRICS.weir_downtime_seconds.buckets)
  readonly #evictions = new Evictions()
  readonly #fleet = new ClientStates({
    lost: (t, node) => this.#lost(t, node),
    back: (absentNs) => this.#downtime.add(absentNs / 1e9),
  })

  manifest(manifest: Manifest): void {
    this.#manifest = manifest
    this.#evictions.ratePerSecond = this.#rate
  }

  fleet({ ids }: FleetTable): void {
    this.#clients = ids.length
    this.#fleet.fleet(ids)
  }

  event(event: RecordEvent): void {
    if (event.type === 'mark') {
      if (event.name === 'trigger') this.#isTriggered = true
      if (event.name === 'fleet-stopping') this.#isStopping = true
    } else if (event.type === 'step' && event.phase === 'start') {
      this.#step = event.name
      this.#steps.add(event.name)
    } else if (event.type === 'pod') {
      this.#pods.set(event.node, event.name)
      if (event.deleted) this.#connections.delete(event.name)
    } else if (event.type === 'listing')
      this.#fleet.listed(this.#podOf(event.node), event.connected, event.t - event.tookNs)
    else if (event.type === 'message-latency') this.#latencies = event.latencies
    const state = this.#states.take(event)
    if (state !== undefined) this.#stateNames.add(state)
  }

  clients(batch: ClientEvents): void {
    this.#fleet.add(batch)
  }

  scrape({ ok, pod, metrics }: Scrape): void {
    const { liveConnectionsMetric = '', connectionsMetric = '' } = this.#manifest?.parameters?.dialect ?? {}
    const value = metrics[liveConnectionsMetric] ?? metrics[connectionsMetric]
    if (ok && value !== undefined) this.#connections.set(pod, value)
    else this.#connections.delete(pod)
  }

  messages({ latencies }: LedgerReport): void {
    // Older records have percentiles alone, of which no histogram can be made.
    const counted = latencies.flatMap(({ of, qos, buckets }) => (buckets ? [{ of, qos, ...buckets }] : []))
    if (counted.length > 0) this.#latencies = counted
  }

  judged(verdict: Verdict): void {
    this.#verdict = verdict
  }

  /** `t`: now, in nanoseconds since the run began; by default by the wall clock. */
  samples(t = (Date.now() - (this.#manifest?.clock.anchorUnixMs ?? 0)) * 1e6): RunSamples {
    const levels = this.#evictions.levels(t)
    const rate = this.#rate
    return {
      weir_run_info: this.#manifest
        ? [{ labels: { scenario: this.#manifest.scenario.name, version: this.#manifest.weir }, value: 1 }]
        : [],
      weir_step: current('step', this.#steps, this.#step),
      weir_cluster_state: current('state', this.#stateNames, this.#states.state),
      weir_clients: plain(this.#clients),
      weir_clients_online: plain(this.#fleet.online),
      weir_clients_offline: plain(this.#fleet.offline),
      weir_node_connections: byLabel('node', this.#connections),
      weir_attempts_total: plain(this.#fleet.attempts),
      weir_attempts_refused_total: plain(this.#fleet.refused),
      weir_attempts_failed_total: plain(this.#fleet.failed),
      weir_losses_before_change_total: plain(this.#lossesBefore),
      weir_evictions_total: byLabel('node', this.#evictions.counts),
      weir_envelope_level_evictions: byLabel(
        'node',
        levels.map(({ node, level }) => [node, level]),
      ),
      weir_envelope_peak_evictions: byLabel(
        'node',
        levels.map(({ node, peak }) => [node, peak]),
      ),
      weir_envelope_bound_evictions: rate === undefined ? [] : plain(envelopeBound(rate, this.#bounds)),
      weir_downtime_seconds: this.#downtime.samples(),
      weir_message_latency_seconds: this.#latencies.flatMap(({ of, qos, ...buckets }) =>
        bucketSamples(buckets, { of, qos: String(qos) }),
      ),
      weir_finding: (this.#verdict?.findings ?? []).flatMap(({ id, outcome }) =>
        (['pass', 'fail', 'inconclusive'] as const).map((one) => ({
          labels: { assertion: id, outcome: one },
          value: one === outcome ? 1 : 0,
        })),
      ),
      weir_figure: this.#verdict ? figureSamples(this.#verdict) : [],
    }
  }

  #lost(t: number, node: string | undefined): void {
    if (this.#isStopping) return
    if (this.#isTriggered) this.#evictions.add(t, node)
    else this.#lossesBefore++
  }

  #podOf(node: string): string {
    return this.#pods.get(node) ?? node
  }

  /** The configured rate, where it is known and there is one. */
  get #rate(): number | undefined {
    const { connEvictRate, unknown } = this.#manifest?.parameters ?? {}
    return connEvictRate && !unknown?.includes('connEvictRate') ? connEvictRate : undefined
  }

  /** Those of the assertion, unless the scenario has others. */
  get #bounds(): { ticks: number; slack: number } {
    const { ticks, slack } = ASSERTIONS['eviction-envelope'].bounds
    const own = this.#manifest?.asserts.find(({ id }) => id === 'eviction-envelope')?.bounds
    return { ticks: own?.ticks ?? ticks.default, slack: own?.slack ?? slack.default }
  }
}

const figureSamples = ({ figures }: Verdict): Sample[] =>
  FIGURE_IDS.flatMap((figure) => {
    const { value, unit } = figures[figure]
    return value === null ? [] : [{ labels: { figure, unit }, value }]
  })
