import { COUNTERS, type CounterName } from './counters.ts'

type Counter5 = readonly [name: string, counter: CounterName | undefined]

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

/** Counters with one prefix. One that neither table knows counts an event that an emulated node never has. */
const of = (prefix: string, names: string): Counter5[] =>
  names
    .trim()
    .split(/\s+/)
    .map((rest) => `${prefix}_${rest}`)
    .map((name) => [name, RENAMED[name] ?? BY_NAME.get(`emqx_${name}`)])

/** Counters as 5.8 names and orders them (recorded), without "emqx_". */
export const COUNTERS_5: readonly Counter5[] = [
  ...of('bytes', 'received sent'),
  ...of(
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
  ...of(
    'messages',
    `
    received sent qos0_received qos0_sent qos1_received qos1_sent qos2_received qos2_sent
    publish dropped dropped_expired dropped_no_subscribers forward retained delayed delivered
    acked`,
  ),
  ...of(
    'delivery',
    `
    dropped dropped_no_local dropped_too_large dropped_qos0_msg dropped_queue_full
    dropped_expired`,
  ),
  ...of(
    'client',
    `
    connect connack connected authenticate auth_anonymous authorize subscribe unsubscribe
    disconnected`,
  ),
]

/** Those that come after `client_disconnected_reason`. */
export const COUNTERS_5_BEHIND: readonly Counter5[] = [
  ...of('session', 'created resumed takenover discarded terminated'),
  ...of('authorization', 'allow deny cache_hit cache_miss superuser nomatch matched_allow matched_deny'),
  ...of('authentication', 'success success_anonymous failure'),
]
