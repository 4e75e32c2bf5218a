import type { Qos } from '#weir/facts/index.ts'

/** What clients say and hear. Topics know `%i` (index), `%c` (client id), `%u` (user name), and `%{i+N}` (the index N further on, round the fleet). */

export type UserProperties = Readonly<Record<string, string | readonly string[]>>

/** Properties of a CONNECT that MQTT 5 has and 3.1.1 does not (§3.1.2.11). */
export interface ConnectProperties {
  receiveMaximum?: number
  maximumPacketSize?: number
  topicAliasMaximum?: number
  requestResponseInformation?: boolean
  requestProblemInformation?: boolean
  userProperties?: UserProperties
}

/** Properties that a PUBLISH and a will have in common (MQTT 5 §3.3.2.3, §3.1.3.2). */
export interface MessageProperties {
  /** 1: UTF-8 text. */
  payloadFormatIndicator?: 0 | 1
  messageExpirySeconds?: number
  contentType?: string
  responseTopic?: string
  correlationData?: string
  userProperties?: UserProperties
}

export interface WillSpec {
  topic: string
  /** Left out, the will carries a ledger header: whose it is, and of which connection. */
  message?: string
  qos: Qos
  retain?: boolean
  /** MQTT 5 only (§3.1.3.2.2). */
  delaySeconds?: number
  properties?: MessageProperties
}

export interface SubscriptionSpec {
  /** A topic filter; `$share/<name>/<filter>` shares it with the others of that name. */
  topic: string
  qos: Qos
  noLocal?: boolean
  retainAsPublished?: boolean
  retainHandling?: 0 | 1 | 2
  identifier?: number
  /** Of its SUBSCRIBE packet (MQTT 5 §3.8.2.1.3). Subscriptions that differ in identifier or properties need a packet each. */
  userProperties?: UserProperties
}

/** What a message is filled with. */
export type PayloadSpec =
  | { kind: 'text'; text: string }
  /** One after the other, round and round. */
  | { kind: 'lines'; lines: readonly string[] }
  /** The same with variables (traffic/template.ts), which have other values in each message. */
  | { kind: 'template'; templates: readonly string[] }
  /** Random bytes, drawn from the fleet's seed. */
  | { kind: 'random'; bytes: number }
  /** The ledger's 20-byte header, filled up with random bytes to `bytes`: messages that can be accounted for. */
  | { kind: 'ledger'; bytes: number }

export interface PublishSpec {
  topic: string
  qos: Qos
  retain?: boolean
  /** Message k of a client is due at its start + k × everyMs: open loop, whatever became of the ones before. */
  everyMs: number
  /** Messages over the whole group together (MQTTX's -L); left out or 0 for no limit. */
  limit?: number
  payload: PayloadSpec
  /** Set the DUP flag on the first sending, as MQTTX's -d does. */
  duplicateFlag?: boolean
  topicAlias?: number
  subscriptionIdentifier?: number
  properties?: MessageProperties
  /** Messages of QoS 1 and 2 of one client that may be unacknowledged at once. Default: what the server allows. */
  inFlight?: number
}

/**
 * When publishers start: each when it is connected (MQTTX); `when-all-ready`: once all clients are online and subscribed
 * (or gave up, or were refused), so that no message misses a subscriber; `when-all-tried`: once every client has connected
 * or failed (emqtt-bench's -w).
 */
export type TrafficStart = 'when-connected' | 'when-all-ready' | 'when-all-tried'
