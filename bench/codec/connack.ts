import type { ProtocolVersion } from '#weir/facts/index.ts'
import { IN_CONNACK, notZero, readProperties, readText, zeroOrOne } from './properties.ts'
import * as property from './property-id.ts'
import { MalformedPacket } from './reason-code.ts'

/** What the server says about itself and about this connection; what it leaves out is undefined (MQTT 5 §3.2.2.3). */
export interface ConnackProperties {
  sessionExpirySeconds?: number
  receiveMaximum?: number
  maximumQos?: 0 | 1
  retainAvailable?: boolean
  /** Bytes. */
  maximumPacketSize?: number
  assignedClientId?: string
  topicAliasMaximum?: number
  wildcardAvailable?: boolean
  identifierAvailable?: boolean
  sharedAvailable?: boolean
  serverKeepAliveSeconds?: number
  serverReference?: string
}

export interface Connack {
  sessionPresent: 0 | 1
  /** MQTT 5: a reason code; 3.1.1: a return code. 0 is accepted. */
  code: number
  properties: ConnackProperties
}

const NOTHING: ConnackProperties = Object.freeze({})

/** MQTT 3.1.1 §3.2, MQTT 5 §3.2. `start` and `end` bound the body. Throws MalformedPacket. */
export function readConnack(bytes: Buffer, start: number, end: number, protocol: ProtocolVersion): Connack {
  if (end - start < 2 || (protocol === '3.1.1' && end - start !== 2) || bytes[start]! > 1)
    throw new MalformedPacket('CONNACK')
  const sessionPresent = bytes[start] === 1 ? 1 : 0
  const code = bytes[start + 1]!
  // Some servers refuse a version 5 client with a version 3 CONNACK, which has no properties.
  if (end - start === 2 || (end - start === 3 && bytes[start + 2] === 0))
    return { sessionPresent, code, properties: NOTHING }
  const properties: ConnackProperties = {}
  const readTo = readProperties(bytes, start + 2, end, IN_CONNACK, properties, take)
  if (readTo !== end) throw new MalformedPacket('CONNACK with bytes behind its properties')
  return { sessionPresent, code, properties }
}

function take(into: ConnackProperties, id: number, bytes: Buffer, at: number): void {
  switch (id) {
    case property.SESSION_EXPIRY_INTERVAL:
      into.sessionExpirySeconds = bytes.readUInt32BE(at)
      break
    case property.RECEIVE_MAXIMUM:
      into.receiveMaximum = notZero(bytes.readUInt16BE(at), 'a receive maximum')
      break
    case property.MAXIMUM_QOS:
      into.maximumQos = zeroOrOne(bytes, at, 'a maximum QoS')
      break
    case property.RETAIN_AVAILABLE:
      into.retainAvailable = zeroOrOne(bytes, at, 'retain available') === 1
      break
    case property.MAXIMUM_PACKET_SIZE:
      into.maximumPacketSize = notZero(bytes.readUInt32BE(at), 'a maximum packet size')
      break
    case property.ASSIGNED_CLIENT_IDENTIFIER:
      into.assignedClientId = readText(bytes, at)
      break
    case property.TOPIC_ALIAS_MAXIMUM:
      into.topicAliasMaximum = bytes.readUInt16BE(at)
      break
    case property.WILDCARD_SUBSCRIPTION_AVAILABLE:
      into.wildcardAvailable = zeroOrOne(bytes, at, 'wildcard subscription available') === 1
      break
    case property.SUBSCRIPTION_IDENTIFIER_AVAILABLE:
      into.identifierAvailable = zeroOrOne(bytes, at, 'subscription identifier available') === 1
      break
    case property.SHARED_SUBSCRIPTION_AVAILABLE:
      into.sharedAvailable = zeroOrOne(bytes, at, 'shared subscription available') === 1
      break
    case property.SERVER_KEEP_ALIVE:
      into.serverKeepAliveSeconds = bytes.readUInt16BE(at)
      break
    case property.SERVER_REFERENCE:
      into.serverReference = readText(bytes, at)
      break
  }
}
