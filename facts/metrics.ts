/** The metrics that weir shows of itself to a Prometheus. The only list of them: pages, dashboards and files go by it. */

export interface MetricFamily {
  type: 'counter' | 'gauge' | 'histogram'
  help: string
  labels?: readonly string[]
  /** Upper ends of a histogram's buckets, in the unit of its name; +Inf goes without saying. */
  buckets?: readonly number[]
}

export type MetricFamilies = Readonly<Record<string, MetricFamily>>

/** The buckets of how long a handshake or an absence takes, in seconds. */
const CONNACK_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
/** Those of a message, which may wait for a subscriber that is away. Counted in the generator, and written to the record. */
export const MESSAGE_LATENCY_BUCKETS = [...CONNACK_BUCKETS, 60, 120, 300]
const DOWNTIME_BUCKETS = [0.1, 0.25, 0.5, 1, 2, 3, 4, 5, 7.5, 10, 15, 20, 30, 60, 120, 300, 600]

/** Of `weir run` and `weir observe`, and of a record as OpenMetrics. */
export const RUN_METRICS = {
  weir_run_info: { type: 'gauge', help: 'Always 1: which run this is.', labels: ['scenario', 'version'] },
  weir_step: {
    type: 'gauge',
    help: 'Steps of the scenario that have begun: 1 for the current one, 0 for earlier ones.',
    labels: ['step'],
  },
  weir_cluster_state: {
    type: 'gauge',
    help: 'States that the cluster has been in: 1 for the current one, 0 for earlier ones.',
    labels: ['state'],
  },
  weir_clients: { type: 'gauge', help: 'Clients of the fleet.' },
  weir_clients_online: { type: 'gauge', help: 'Clients of the fleet that are connected.' },
  weir_clients_offline: {
    type: 'gauge',
    help: 'Clients that lost a connection and have no new one yet. Those that stay away by plan do not count.',
  },
  weir_node_connections: {
    type: 'gauge',
    help: 'Connections of a node by its own gauge, as scraped last. Absent while scrapes of it fail, and when its pod is deleted.',
    labels: ['node'],
  },
  weir_attempts_total: { type: 'counter', help: 'Connection attempts of the fleet.' },
  weir_attempts_refused_total: { type: 'counter', help: 'Attempts that a CONNACK refused.' },
  weir_attempts_failed_total: { type: 'counter', help: 'Attempts that ended without a CONNACK.' },
  weir_losses_before_change_total: {
    type: 'counter',
    help: 'Connections that ended against the wish of their client before the change.',
  },
  weir_evictions_total: {
    type: 'counter',
    help: 'Connections that ended against the wish of their client since the change. The node is empty where no listing has shown it.',
    labels: ['node'],
  },
  weir_envelope_level_evictions: {
    type: 'gauge',
    help: 'By how many evictions a node is ahead of its configured rate now.',
    labels: ['node'],
  },
  weir_envelope_peak_evictions: {
    type: 'gauge',
    help: 'By how many evictions a node has been ahead of its configured rate at most.',
    labels: ['node'],
  },
  weir_envelope_bound_evictions: {
    type: 'gauge',
    help: 'By how many evictions a node may be ahead of its configured rate, as eviction-envelope allows.',
  },
  weir_downtime_seconds: {
    type: 'histogram',
    help: 'How long clients that lost a connection were without one.',
    buckets: DOWNTIME_BUCKETS,
  },
  weir_message_latency_seconds: {
    type: 'histogram',
    help: 'From the planned instant of a message to its acknowledgement (ack), or to its first copy at a subscriber (delivery).',
    labels: ['of', 'qos'],
    buckets: MESSAGE_LATENCY_BUCKETS,
  },
  weir_finding: {
    type: 'gauge',
    help: 'The outcome of each assertion: 1 for its own, 0 for the others. Known when the run is judged.',
    labels: ['assertion', 'outcome'],
  },
  weir_figure: {
    type: 'gauge',
    help: 'What is compared between runs, in the unit of the label. Known when the run is judged.',
    labels: ['figure', 'unit'],
  },
} as const satisfies MetricFamilies

/** Of `weir bench`. */
export const BENCH_METRICS = {
  weir_bench_scheduled_total: { type: 'counter', help: 'Clients whose planned arrival has come.' },
  weir_bench_attempts_total: { type: 'counter', help: 'Connection attempts.' },
  weir_bench_connected_total: { type: 'counter', help: 'Attempts that a CONNACK accepted.' },
  weir_bench_refused_total: { type: 'counter', help: 'Attempts that a CONNACK refused.' },
  weir_bench_failed_total: { type: 'counter', help: 'Attempts that ended without a CONNACK.' },
  weir_bench_slow_handshakes_total: {
    type: 'counter',
    help: 'TCP handshakes of a second or more: the SYN was sent twice.',
  },
  weir_bench_disconnected_total: { type: 'counter', help: 'Connections that were lost.' },
  weir_bench_gave_up_total: { type: 'counter', help: 'Clients whose reconnect policy gave up.' },
  weir_bench_subscribes_refused_total: { type: 'counter', help: 'SUBACKs that refused a subscription.' },
  weir_bench_published_total: { type: 'counter', help: 'PUBLISH packets sent, resent ones not counted.' },
  weir_bench_acknowledged_total: {
    type: 'counter',
    help: 'PUBLISH packets of QoS 1 and 2 that were acknowledged.',
  },
  weir_bench_received_total: { type: 'counter', help: 'PUBLISH packets received, copies included.' },
  weir_bench_online: { type: 'gauge', help: 'Clients connected now.' },
  weir_bench_in_flight: { type: 'gauge', help: 'Connection attempts in progress.' },
  weir_bench_cannot_publish: {
    type: 'gauge',
    help: 'Online clients whose messages exceed the limits of the broker.',
  },
  weir_bench_subscribed: { type: 'gauge', help: 'Clients with all subscriptions granted.' },
  weir_bench_clients: { type: 'gauge', help: 'Requested clients.' },
  weir_bench_connack_seconds: {
    type: 'histogram',
    help: 'From the start of an attempt to its CONNACK, over the whole run.',
    buckets: CONNACK_BUCKETS,
  },
} as const satisfies MetricFamilies
