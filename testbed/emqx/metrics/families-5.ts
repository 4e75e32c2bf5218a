import type { NodeCore } from '../node-core.ts'
import { COUNTERS_5, COUNTERS_5_BEHIND } from './counters-5.ts'
import type { GaugeName } from './gauges.ts'
import { hostFigures } from './host.ts'

/** `labels` are the sample's own, without the node, e.g. `reason="takenover"`. */
export interface Sample5 {
  labels: string
  value: number
}

export interface Family5 {
  name: string
  type: 'gauge' | 'counter'
  /**
   * How the modes over all nodes treat it: `node` is summed up, or labelled with the node; `host` is labelled in both;
   * `cluster` is the same on every node, so it is taken once and never labelled.
   */
  scope: 'node' | 'host' | 'cluster'
  read(node: NodeCore): Sample5[]
}

const one = (value: number): Sample5[] => [{ labels: '', value }]

function gauge(name: GaugeName, scope: Family5['scope'] = 'node'): { count: Family5; max: Family5 } {
  const family = (part: 'count' | 'max'): Family5 => ({
    name: `emqx_${name}_${part}`,
    type: 'gauge',
    scope,
    read: (node) => one(node.gauges.read(name)[part]),
  })
  return { count: family('count'), max: family('max') }
}

function gauges(names: readonly GaugeName[], scope: Family5['scope']): Family5[] {
  return names.flatMap((name) => {
    const { count, max } = gauge(name, scope)
    // 5.8 prints this one the other way round.
    return name === 'topics' ? [max, count] : [count, max]
  })
}

const host = (name: string, read: (node: NodeCore) => number): Family5 => ({
  name: `emqx_${name}`,
  type: 'gauge',
  scope: 'host',
  read: (node) => one(read(node)),
})

const counters = (list: typeof COUNTERS_5): Family5[] =>
  list.map(([name, counter]) => ({
    name: `emqx_${name}`,
    type: 'counter',
    scope: 'node',
    read: (node) => one(counter === undefined ? 0 : node.counters[counter]),
  }))

const DISCONNECTED_REASON: Family5 = {
  name: 'emqx_client_disconnected_reason',
  type: 'counter',
  scope: 'node',
  read: (node) =>
    [...node.endings.entries()].map(([listener, reason, value]) => ({
      labels: `listener_type="${listener}",listener_name="default",reason="${reason}"`,
      value,
    })),
}

/** Families that a cluster like ours declares and has no sample of. */
const empty = (name: string): Family5 => ({
  name: `emqx_${name}`,
  type: 'gauge',
  scope: 'node',
  read: () => [],
})

/** Every family of `/prometheus/stats`, in the order of 5.8.9 as recorded. */
export const FAMILIES_5: readonly Family5[] = [
  ...gauges(
    [
      'connections',
      'live_connections',
      'sessions',
      'channels',
      'suboptions',
      'subscribers',
      'subscriptions',
      'durable_subscriptions',
      'delayed',
    ],
    'node',
  ),
  ...gauges(['cluster_sessions', 'topics', 'retained', 'subscriptions_shared'], 'cluster'),
  host('vm_cpu_use', () => hostFigures().cpuUse),
  host('vm_cpu_idle', () => hostFigures().cpuIdle),
  host('vm_run_queue', () => 0),
  host('vm_process_messages_in_queues', () => 0),
  host('vm_total_memory', () => hostFigures().memoryTotal),
  host('vm_used_memory', () => hostFigures().memoryTotal - hostFigures().memoryFree),
  host('vm_mnesia_tm_mailbox_size', () => 0),
  host('vm_broker_pool_max_mailbox_size', () => 0),
  host('cluster_nodes_running', ({ group }) => group.running().length),
  host('cluster_nodes_stopped', ({ group }) => group.members.size - group.running().length),
  ...counters(COUNTERS_5),
  DISCONNECTED_REASON,
  ...counters(COUNTERS_5_BEHIND),
  // The recorded cluster had no TLS listener on; ours makes its certificate when the first client comes.
  empty('cert_expiry_at'),
  host('conf_sync_txid', () => 0),
  ...[
    'last_intercepted_trans',
    'weight',
    'replicants',
    'server_mql',
    'lag',
    'bootstrap_time',
    'bootstrap_num_keys',
    'message_queue_len',
    'replayq_len',
  ].map((name) => empty(`mria_${name}`)),
]
