import type { Message } from '../session/message.ts'

/** What differs between the copies of one message. */
export interface Copy {
  qos: 0 | 1 | 2
  retain: boolean
  dup: boolean
  /** 0 with QoS 0. */
  packetId: number
  /** MQTT 5: of the subscription that the message came by. */
  identifier: number | undefined
  /** MQTT 5: 0 for none. */
  alias: number
  /** The topic is left out: its alias stands for it (MQTT 5 §3.3.2.3.4). */
  bare: boolean
  /** MQTT 5: the rest of the message expiry interval; undefined without one. */
  secondsLeft: number | undefined
}

const NONE = Buffer.alloc(0)
const FIXED_HEADER = 0x30

/** A PUBLISH for one client (MQTT 5 §3.3; 3.1.1 the same without properties), written by hand: this is the nodes' commonest packet. */
export function publishBytes(message: Message, protocol: number, copy: Copy): Buffer {
  const topic = copy.bare ? '' : message.topic
  const topicLength = Buffer.byteLength(topic)
  const own = protocol === 5 ? ownProperties(copy) : NONE
  const carried = protocol === 5 ? carriedProperties(message) : NONE
  const propertiesLength = own.length + carried.length
  const length =
    2 +
    topicLength +
    (copy.qos > 0 ? 2 : 0) +
    (protocol === 5 ? sizeOf(propertiesLength) + propertiesLength : 0) +
    message.payload.length
  const bytes = Buffer.allocUnsafe(1 + sizeOf(length) + length)
  bytes[0] = FIXED_HEADER | (copy.dup ? 8 : 0) | (copy.qos << 1) | (copy.retain ? 1 : 0)
  let at = writeVariable(bytes, 1, length)
  at = bytes.writeUInt16BE(topicLength, at)
  at += bytes.write(topic, at)
  if (copy.qos > 0) at = bytes.writeUInt16BE(copy.packetId, at)
  if (protocol === 5) {
    at = writeVariable(bytes, at, propertiesLength)
    at += own.copy(bytes, at)
    at += carried.copy(bytes, at)
  }
  message.payload.copy(bytes, at)
  return bytes
}

function ownProperties({ secondsLeft, identifier, alias }: Copy): Buffer {
  if (secondsLeft === undefined && identifier === undefined && alias === 0) return NONE
  const bytes: number[] = []
  if (secondsLeft !== undefined)
    bytes.push(
      0x02,
      secondsLeft >>> 24,
      (secondsLeft >>> 16) & 0xff,
      (secondsLeft >>> 8) & 0xff,
      secondsLeft & 0xff,
    )
  if (alias > 0) bytes.push(0x23, alias >> 8, alias & 0xff)
  if (identifier !== undefined) bytes.push(0x0b, ...variable(identifier))
  return Buffer.from(bytes)
}

const encoded = new WeakMap<Message, Buffer>()

/** The publisher's properties, forwarded unchanged (MQTT 5 §3.3.2.3) and encoded once per message. */
function carriedProperties(message: Message): Buffer {
  if (message.properties === undefined) return NONE
  let bytes = encoded.get(message)
  if (bytes === undefined) {
    bytes = encodeProperties(message.properties)
    encoded.set(message, bytes)
  }
  return bytes
}

function encodeProperties(properties: NonNullable<Message['properties']>): Buffer {
  const parts: Buffer[] = []
  const { payloadFormatIndicator, contentType, responseTopic, correlationData, userProperties } = properties
  if (payloadFormatIndicator !== undefined) parts.push(Buffer.from([0x01, payloadFormatIndicator ? 1 : 0]))
  if (contentType !== undefined) parts.push(Buffer.from([0x03]), text(contentType))
  if (responseTopic !== undefined) parts.push(Buffer.from([0x08]), text(responseTopic))
  if (correlationData !== undefined) parts.push(Buffer.from([0x09]), binary(correlationData))
  for (const [name, values] of Object.entries(userProperties ?? {}))
    for (const value of [values].flat()) parts.push(Buffer.from([0x26]), text(name), text(value))
  return Buffer.concat(parts)
}

const text = (value: string): Buffer => binary(Buffer.from(value))

function binary(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes])
}

/** Bytes of a Variable Byte Integer (MQTT 5 §1.5.5). */
function sizeOf(value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : 4
}

function variable(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(sizeOf(value))
  writeVariable(bytes, 0, value)
  return bytes
}

function writeVariable(bytes: Buffer, start: number, value: number): number {
  let at = start
  let left = value
  while (left >= 0x80) {
    bytes[at++] = (left & 0x7f) | 0x80
    left >>>= 7
  }
  bytes[at++] = left
  return at
}
