import type { IPublishPacket } from 'mqtt-packet'
import { decode } from './decode.ts'

/** A PUBLISH as a client sent it. */
export interface Incoming {
  topic: string
  payload: Buffer
  qos: 0 | 1 | 2
  retain: boolean
  /** 0 with QoS 0. */
  packetId: number
  properties: IPublishPacket['properties']
}

/**
 * Reads a PUBLISH (MQTT 5 §3.3), or returns undefined when it is malformed. One without properties is read from its bytes;
 * mqtt-packet reads the others. The payload is a copy: a message that is kept keeps no read buffer alive.
 */
export function readPublish(frame: Buffer, protocol: number): Incoming | undefined {
  const flags = frame[0]!
  const qos = ((flags >> 1) & 3) as 0 | 1 | 2
  if ((qos as number) === 3) return undefined
  let at = 1
  while (frame[at]! >= 0x80) at++
  at++
  if (at + 2 > frame.length) return undefined
  const topicEnd = at + 2 + frame.readUInt16BE(at)
  const idEnd = topicEnd + (qos > 0 ? 2 : 0)
  if (idEnd + (protocol === 5 ? 1 : 0) > frame.length) return undefined
  if (protocol === 5 && frame[idEnd] !== 0) return readWithProperties(frame)
  const packetId = qos > 0 ? frame.readUInt16BE(topicEnd) : 0
  // MQTT 5 §2.2.1: packets that have an id have one that is not 0.
  if (qos > 0 && packetId === 0) return undefined
  return {
    topic: frame.toString('utf8', at + 2, topicEnd),
    payload: Buffer.from(frame.subarray(protocol === 5 ? idEnd + 1 : idEnd)),
    qos,
    retain: (flags & 1) === 1,
    packetId,
    properties: undefined,
  }
}

function readWithProperties(frame: Buffer): Incoming | undefined {
  const packet = decode(frame, 5)
  if (packet?.cmd !== 'publish') return undefined
  const { topic, payload, qos, retain, messageId = 0, properties } = packet
  if (qos > 0 && messageId === 0) return undefined
  return { topic, payload: Buffer.from(payload), qos, retain, packetId: messageId, properties }
}
