/**
 * Counters of one node, from zero at its start and always current (contract/emqx.md §1.2). The value of each entry is its
 * Prometheus name in the 4.4 spelling; the order is the order of the text.
 */
export const COUNTERS = {
  bytesReceived: 'emqx_bytes_received',
  bytesSent: 'emqx_bytes_sent',
  packetsReceived: 'emqx_packets_received',
  packetsSent: 'emqx_packets_sent',
  connect: 'emqx_packets_connect',
  connackSent: 'emqx_packets_connack_sent',
  connackError: 'emqx_packets_connack_error',
  connackAuthError: 'emqx_packets_connack_auth_error',
  disconnectReceived: 'emqx_packets_disconnect_received',
  disconnectSent: 'emqx_packets_disconnect_sent',
  subscribeReceived: 'emqx_packets_subscribe_received',
  subackSent: 'emqx_packets_suback_sent',
  unsubscribeReceived: 'emqx_packets_unsubscribe_received',
  unsubackSent: 'emqx_packets_unsuback_sent',
  pingreqReceived: 'emqx_packets_pingreq_received',
  pingrespSent: 'emqx_packets_pingresp_sent',
  publishReceived: 'emqx_packets_publish_received',
  publishSent: 'emqx_packets_publish_sent',
  publishError: 'emqx_packets_publish_error',
  publishInUse: 'emqx_packets_publish_inuse',
  pubackReceived: 'emqx_packets_puback_received',
  pubackSent: 'emqx_packets_puback_sent',
  pubackMissed: 'emqx_packets_puback_missed',
  pubrecReceived: 'emqx_packets_pubrec_received',
  pubrecSent: 'emqx_packets_pubrec_sent',
  pubrecMissed: 'emqx_packets_pubrec_missed',
  pubrelReceived: 'emqx_packets_pubrel_received',
  pubrelSent: 'emqx_packets_pubrel_sent',
  pubrelMissed: 'emqx_packets_pubrel_missed',
  pubcompReceived: 'emqx_packets_pubcomp_received',
  pubcompSent: 'emqx_packets_pubcomp_sent',
  pubcompMissed: 'emqx_packets_pubcomp_missed',
  messagesReceived: 'emqx_messages_received',
  messagesSent: 'emqx_messages_sent',
  messagesPublish: 'emqx_messages_publish',
  messagesDelivered: 'emqx_messages_delivered',
  messagesAcked: 'emqx_messages_acked',
  messagesForward: 'emqx_messages_forward',
  messagesRetained: 'emqx_messages_retained',
  messagesDropped: 'emqx_messages_dropped',
  messagesDroppedExpired: 'emqx_messages_dropped_expired',
  messagesDroppedNoSubscribers: 'emqx_messages_dropped_no_subscribers',
  deliveryDropped: 'emqx_delivery_dropped',
  deliveryDroppedNoLocal: 'emqx_delivery_dropped_no_local',
  deliveryDroppedQueueFull: 'emqx_delivery_dropped_queue_full',
  deliveryDroppedExpired: 'emqx_delivery_dropped_expired',
  clientConnected: 'emqx_client_connected',
  clientAuthenticate: 'emqx_client_authenticate',
  clientAuthAnonymous: 'emqx_client_auth_success_anonymous',
  clientCheckAcl: 'emqx_client_check_acl',
  clientSubscribe: 'emqx_client_subscribe',
  clientUnsubscribe: 'emqx_client_unsubscribe',
  clientDisconnected: 'emqx_client_disconnected',
  sessionCreated: 'emqx_session_created',
  sessionResumed: 'emqx_session_resumed',
  sessionTakeovered: 'emqx_session_takeovered',
  sessionDiscarded: 'emqx_session_discarded',
  sessionTerminated: 'emqx_session_terminated',
} as const

export type CounterName = keyof typeof COUNTERS
export type Counters = Record<CounterName, number>

export function newCounters(): Counters {
  const names = Object.keys(COUNTERS) as CounterName[]
  return Object.fromEntries(names.map((name) => [name, 0])) as Counters
}
