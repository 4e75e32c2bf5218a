import type { NodeCore } from '../node-core.ts'
import { COUNTERS, type CounterName } from './counters.ts'
import type { GaugeName } from './gauges.ts'
import { hostFigures } from './host.ts'

const KEYS = Object.keys(COUNTERS) as CounterName[]
const BY_NAME = new Map<string, CounterName>(KEYS.map((key) => [COUNTERS[key], key]))

/**
 * What 5.8 names otherwise, or counts twice. Clients are admitted unless a fault says otherwise, so every authorization is
 * one that no rule matched and that was allowed.
 */
const RENAMED: Record<string, CounterName> = {
  client_connect: 'connect',
  client_connack: 'connackSent',
  client_auth_anonymous: 'clientAuthAnonymous',
  client_authorize: 'clientCheckAcl',
  session_takenover: 'sessionTakeovered',
  authorization_allow: 'clientCheckAcl',
  authorization_cache_miss: 'clientCheckAcl',
  authorization_nomatch: 'clientCheckAcl',
  authentication_success: 'clientAuthenticate',
  authentication_success_anonymous: 'clientAuthAnonymous',
}

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

/** Counters with one prefix. One that neither table knows counts an event that an emulated node never has. */
const counters = (prefix: string, names: string): Family5[] =>
  names
    .trim()
    .split(/\s+/)
    .map((rest) => {
      const name = `emqx_${prefix}_${rest}`
      const counter = RENAMED[`${prefix}_${rest}`] ?? BY_NAME.get(name)
      return {
        name,
        type: 'counter',
        scope: 'node',
        read: (node) => one(counter === undefined ? 0 : node.counters[counter]),
      }
    })

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
  ...counters('bytes', 'received sent'),
  ...counters(
    'packets',
    `
    received sent connect connack_sent connack_error connack_auth_error subscribe_received
    subscribe_auth_error subscribe_error suback_sent unsubscribe_received unsubscribe_error
    unsuback_sent publish_received publish_sent publish_inuse publish_error publish_auth_error
    publish_dropped puback_received puback_sent puback_inuse puback_missed pubrec_received
    pubrec_sent pubrec_inuse pubrec_missed pubrel_received pubrel_sent pubrel_missed
    pubcomp_received pubcomp_sent pubcomp_inuse pubcomp_missed pingreq_received pingresp_sent
    disconnect_received disconnect_sent auth_received auth_sent`,
  ),
  ...counters(
    'messages',
    `
    received sent qos0_received qos0_sent qos1_received qos1_sent qos2_received qos2_sent
    publish dropped dropped_expired dropped_no_subscribers forward retained delayed delivered
    acked`,
  ),
  ...counters(
    'delivery',
    `
    dropped dropped_no_local dropped_too_large dropped_qos0_msg dropped_queue_full
    dropped_expired`,
  ),
  ...counters(
    'client',
    `
    connect connack connected authenticate auth_anonymous authorize subscribe unsubscribe
    disconnected`,
  ),
  DISCONNECTED_REASON,
  ...counters('session', 'created resumed takenover discarded terminated'),
  ...counters(
    'authorization',
    'allow deny cache_hit cache_miss superuser nomatch matched_allow matched_deny',
  ),
  ...counters('authentication', 'success success_anonymous failure'),
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
