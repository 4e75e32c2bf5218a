import type { ProtocolVersion } from '../types.ts'
import { CONNECT, DISCONNECT, PINGREQ, SUBSCRIBE } from './packet-type.ts'

/** Packets that a client sends. All of them are small, and most are the same for every client. */

export const PINGREQ_BYTES = Buffer.from([PINGREQ, 0])
/** Reason code 0, normal disconnection, is what an absent body means in MQTT 5, so one packet serves both versions. */
export const DISCONNECT_BYTES = Buffer.from([DISCONNECT, 0])

/**
 * A goodbye for good: reason 0 and Session Expiry Interval 0, so that the server keeps no session. Only for a client
 * whose CONNECT named an interval above 0 (MQTT 5 §3.14.2.2.2); 3.1.1 has no such thing.
 */
export const DISCONNECT_FOR_GOOD_BYTES = Buffer.from([DISCONNECT, 7, 0, 5, 0x11, 0, 0, 0, 0])

export interface ConnectOptions {
  protocol: ProtocolVersion
  clientId: string
  clean: boolean
  keepAliveSeconds: number
  /** MQTT 5 only; 0 sends no property, which means that the session ends with the connection. */
  sessionExpirySeconds: number
  username?: string
  password?: string
}

/** MQTT 3.1.1 §3.1, MQTT 5 §3.1, without a will. */
export function writeConnect(options: ConnectOptions): Buffer {
  const v5 = options.protocol === '5'
  const properties = v5 ? expiryProperty(options.sessionExpirySeconds) : []
  const strings = [options.clientId, options.username, options.password].filter((text) => text !== undefined)
  const body = 10 + properties.length + strings.reduce((sum, text) => sum + 2 + Buffer.byteLength(text), 0)
  const packet = startPacket(CONNECT, body)
  let at = putString(packet.bytes, packet.at, 'MQTT')
  packet.bytes[at++] = v5 ? 5 : 4
  packet.bytes[at++] =
    (options.username === undefined ? 0 : 0x80) |
    (options.password === undefined ? 0 : 0x40) |
    (options.clean ? 2 : 0)
  at = packet.bytes.writeUInt16BE(options.keepAliveSeconds, at)
  for (const byte of properties) packet.bytes[at++] = byte
  for (const text of strings) at = putString(packet.bytes, at, text)
  return packet.bytes
}

function expiryProperty(seconds: number): number[] {
  if (seconds === 0) return [0]
  return [5, 0x11, (seconds >>> 24) & 0xff, (seconds >>> 16) & 0xff, (seconds >>> 8) & 0xff, seconds & 0xff]
}

/** MQTT 3.1.1 §3.8, MQTT 5 §3.8: one topic filter. */
export function writeSubscribe(
  protocol: ProtocolVersion,
  packetId: number,
  topic: string,
  qos: 0 | 1 | 2,
): Buffer {
  const properties = protocol === '5' ? 1 : 0
  const packet = startPacket(SUBSCRIBE, 2 + properties + 2 + Buffer.byteLength(topic) + 1)
  let at = packet.bytes.writeUInt16BE(packetId, packet.at)
  if (properties) packet.bytes[at++] = 0
  at = putString(packet.bytes, at, topic)
  packet.bytes[at] = qos
  return packet.bytes
}

function startPacket(first: number, body: number): { bytes: Buffer; at: number } {
  const header = body < 128 ? 2 : body < 16_384 ? 3 : body < 2_097_152 ? 4 : 5
  const bytes = Buffer.allocUnsafe(header + body)
  bytes[0] = first
  let rest = body
  for (let i = 1; i < header; i++) {
    bytes[i] = (rest % 128) | (i < header - 1 ? 0x80 : 0)
    rest = Math.floor(rest / 128)
  }
  return { bytes, at: header }
}

function putString(bytes: Buffer, at: number, text: string): number {
  const written = bytes.write(text, at + 2)
  bytes.writeUInt16BE(written, at)
  return at + 2 + written
}
