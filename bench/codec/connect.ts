import type { ProtocolVersion, Qos } from '#weir/facts/index.ts'
import type { ConnectProperties, MessageProperties } from '../types.ts'
import { putBinary, putString, startPacket, stringLength } from './fields.ts'
import { CONNECT } from './packet-type.ts'
import { PropertyBlock } from './property-block.ts'
import * as property from './property-id.ts'

export interface Will {
  topic: string
  payload: Uint8Array
  qos: Qos
  retain: boolean
  /** MQTT 5: what `willProperties` makes; left out, there are none. */
  properties?: Buffer
}

export interface ConnectOptions {
  protocol: ProtocolVersion
  /** Empty: the server assigns one (MQTT 5 §3.1.3.1). */
  clientId: string
  clean: boolean
  keepAliveSeconds: number
  /** MQTT 5: what `connectProperties` makes; left out, there are none. */
  properties?: Buffer
  will?: Will
  username?: string
  password?: string
}

const NO_PROPERTIES = Buffer.from([0])

/** MQTT 3.1.1 §3.1, MQTT 5 §3.1. */
export function writeConnect(options: ConnectOptions): Buffer {
  const v5 = options.protocol === '5'
  const { clientId, will, username, password } = options
  const properties = v5 ? (options.properties ?? NO_PROPERTIES) : undefined
  const willProperties = v5 && will ? (will.properties ?? NO_PROPERTIES) : undefined
  const packet = startPacket(
    CONNECT,
    10 +
      (properties?.length ?? 0) +
      stringLength(clientId) +
      (will ? (willProperties?.length ?? 0) + stringLength(will.topic) + 2 + will.payload.length : 0) +
      (username === undefined ? 0 : stringLength(username)) +
      (password === undefined ? 0 : stringLength(password)),
  )
  const { bytes } = packet
  let at = putString(bytes, packet.at, 'MQTT')
  bytes[at++] = v5 ? 5 : 4
  bytes[at++] = flags(options)
  at = bytes.writeUInt16BE(options.keepAliveSeconds, at)
  if (properties) at += properties.copy(bytes, at)
  at = putString(bytes, at, clientId)
  if (will) {
    if (willProperties) at += willProperties.copy(bytes, at)
    at = putBinary(bytes, putString(bytes, at, will.topic), will.payload)
  }
  if (username !== undefined) at = putString(bytes, at, username)
  if (password !== undefined) putString(bytes, at, password)
  return bytes
}

function flags({ clean, will, username, password }: ConnectOptions): number {
  return (
    (username === undefined ? 0 : 0x80) |
    (password === undefined ? 0 : 0x40) |
    (will ? 0x04 | (will.qos << 3) | (will.retain ? 0x20 : 0) : 0) |
    (clean ? 2 : 0)
  )
}

/** The properties of an MQTT 5 CONNECT (§3.1.2.11). An expiry of 0 is what its absence means: the session ends with the connection. */
export function connectProperties(sessionExpirySeconds: number, properties: ConnectProperties = {}): Buffer {
  return new PropertyBlock()
    .fourBytes(property.SESSION_EXPIRY_INTERVAL, sessionExpirySeconds || undefined)
    .twoBytes(property.RECEIVE_MAXIMUM, properties.receiveMaximum)
    .fourBytes(property.MAXIMUM_PACKET_SIZE, properties.maximumPacketSize)
    .twoBytes(property.TOPIC_ALIAS_MAXIMUM, properties.topicAliasMaximum)
    .byte(property.REQUEST_RESPONSE_INFORMATION, properties.requestResponseInformation)
    .byte(property.REQUEST_PROBLEM_INFORMATION, properties.requestProblemInformation)
    .users(properties.userProperties)
    .finish()
}

/** The properties of an MQTT 5 will (§3.1.3.2). */
export function willProperties(delaySeconds: number | undefined, properties?: MessageProperties): Buffer {
  return new PropertyBlock()
    .fourBytes(property.WILL_DELAY_INTERVAL, delaySeconds)
    .message(properties)
    .finish()
}
