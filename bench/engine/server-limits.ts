import type { PublishBound, Qos } from '#weir/facts/index.ts'
import type { ConnackProperties } from '../codec/connack.ts'
import type { PublishSpec, SubscriptionSpec } from '../types.ts'

/**
 * Limits of a server (MQTT 5 §3.2.2.3). Immutable, so clients with equal limits share one; MQTT 3.1.1 clients have
 * `NO_LIMITS`.
 */
export interface ServerLimits {
  /** PUBLISH packets of QoS 1 and 2 that may be unacknowledged at once. */
  readonly receiveMaximum: number
  readonly maximumQos: Qos
  readonly retainAvailable: boolean
  /** Bytes of a whole packet. */
  readonly maximumPacketSize: number
  /** Highest topic alias that a client may send; 0 for none. */
  readonly topicAliasMaximum: number
  readonly wildcardAvailable: boolean
  readonly identifierAvailable: boolean
  readonly sharedAvailable: boolean
  /** How long the session outlives the connection, where the server wants it otherwise than the client; else -1. */
  readonly sessionExpirySeconds: number
}

export const NO_LIMITS: ServerLimits = {
  receiveMaximum: 0xffff,
  maximumQos: 2,
  retainAvailable: true,
  maximumPacketSize: Number.POSITIVE_INFINITY,
  topicAliasMaximum: 0,
  wildcardAvailable: true,
  identifierAvailable: true,
  sharedAvailable: true,
  sessionExpirySeconds: -1,
}

/** The limits that a CONNACK tells: `like` itself when it says the same. */
export function limitsOf(told: ConnackProperties, like: ServerLimits): ServerLimits {
  const limits: ServerLimits = {
    receiveMaximum: told.receiveMaximum ?? NO_LIMITS.receiveMaximum,
    maximumQos: told.maximumQos ?? NO_LIMITS.maximumQos,
    retainAvailable: told.retainAvailable ?? true,
    maximumPacketSize: told.maximumPacketSize ?? NO_LIMITS.maximumPacketSize,
    topicAliasMaximum: told.topicAliasMaximum ?? 0,
    wildcardAvailable: told.wildcardAvailable ?? true,
    identifierAvailable: told.identifierAvailable ?? true,
    sharedAvailable: told.sharedAvailable ?? true,
    sessionExpirySeconds: told.sessionExpirySeconds ?? -1,
  }
  return same(limits, like) ? like : limits
}

function same(a: ServerLimits, b: ServerLimits): boolean {
  return (
    a.receiveMaximum === b.receiveMaximum &&
    a.maximumQos === b.maximumQos &&
    a.retainAvailable === b.retainAvailable &&
    a.maximumPacketSize === b.maximumPacketSize &&
    a.topicAliasMaximum === b.topicAliasMaximum &&
    a.wildcardAvailable === b.wildcardAvailable &&
    a.identifierAvailable === b.identifierAvailable &&
    a.sharedAvailable === b.sharedAvailable &&
    a.sessionExpirySeconds === b.sessionExpirySeconds
  )
}

/** Whether a client may ask this of the server at all: to ask nevertheless is a protocol error (MQTT 5 §3.2.2.3.11–13). */
export function maySubscribe(limits: ServerLimits, { topic, identifier }: SubscriptionSpec): boolean {
  return (
    (limits.wildcardAvailable || !/[+#]/.test(topic)) &&
    (limits.identifierAvailable || identifier === undefined) &&
    (limits.sharedAvailable || !topic.startsWith('$share/'))
  )
}

/**
 * The limit that a message exceeds, `bytes` being its whole packet; undefined for none. Sending it would be a protocol
 * error (MQTT 5 §3.2.2.3.4–6).
 */
export function publishBound(
  { maximumQos, retainAvailable, maximumPacketSize }: ServerLimits,
  { qos, retain }: PublishSpec,
  bytes: number,
): PublishBound | undefined {
  if (qos > maximumQos) return { of: 'qos', most: maximumQos, has: qos }
  if (retain && !retainAvailable) return { of: 'retain', most: 0, has: 1 }
  if (bytes > maximumPacketSize) return { of: 'packet-size', most: maximumPacketSize, has: bytes }
  return undefined
}
