import type { ProtocolVersion, Qos } from '#weir/facts/index.ts'
import type { MessageProperties } from '../types.ts'
import { putString, putVariable, stringLength, variableLength } from './fields.ts'
import { PUBLISH } from './packet-type.ts'
import { PropertyBlock } from './property-block.ts'
import { SUBSCRIPTION_IDENTIFIER, TOPIC_ALIAS } from './property-id.ts'

const DUPLICATE_FLAG = 0x08

export interface PublishOptions {
  protocol: ProtocolVersion
  /** With its variables replaced. May be empty with a topic alias that the server knows already (MQTT 5 §3.3.2.3.4). */
  topic: string
  qos: Qos
  retain?: boolean | undefined
  topicAlias?: number | undefined
  /** A server must refuse it from a client (MQTT 5 §3.3.4); MQTTX can send it nevertheless. */
  subscriptionIdentifier?: number | undefined
  properties?: MessageProperties | undefined
}

/** What every PUBLISH of one publisher to one topic has in common. */
export interface PublishForm {
  /** First byte of the packet, without DUP. */
  readonly first: number
  /** Variable header: topic, room for the packet id (QoS 1 and 2), properties (MQTT 5). */
  readonly head: Buffer
  /** Where the packet id stands in `head`; -1 for QoS 0. */
  readonly packetIdAt: number
}

/** MQTT 3.1.1 §3.3.1–2, MQTT 5 §3.3.1–2. In MQTT 3.1.1 whatever is a property is left out. */
export function publishForm(options: PublishOptions): PublishForm {
  const { protocol, topic, qos, retain = false } = options
  const properties = protocol === '5' ? propertyBytes(options) : undefined
  const topicEnd = stringLength(topic)
  const afterId = qos === 0 ? topicEnd : topicEnd + 2
  const head = Buffer.alloc(afterId + (properties?.length ?? 0))
  putString(head, 0, topic)
  properties?.copy(head, afterId)
  return { first: PUBLISH | (qos << 1) | (retain ? 1 : 0), head, packetIdAt: qos === 0 ? -1 : topicEnd }
}

function propertyBytes({ topicAlias, subscriptionIdentifier, properties }: PublishOptions): Buffer {
  return new PropertyBlock()
    .message(properties)
    .twoBytes(TOPIC_ALIAS, topicAlias)
    .variable(SUBSCRIPTION_IDENTIFIER, subscriptionIdentifier)
    .finish()
}

/** Length of a whole packet: what a server's Maximum Packet Size bounds (MQTT 5 §3.2.2.3.6). */
export function publishLength(form: PublishForm, payloadBytes: number): number {
  const body = form.head.length + payloadBytes
  return 1 + variableLength(body) + body
}

/**
 * Writes a PUBLISH without its payload to `bytes` at `at`, which has room for `publishLength`; returns where its
 * `payloadBytes` belong. `packetId` is ignored for QoS 0.
 */
export function putPublish(
  form: PublishForm,
  packetId: number,
  payloadBytes: number,
  duplicate: boolean,
  bytes: Buffer,
  at: number,
): number {
  const { head, packetIdAt } = form
  bytes[at] = duplicate ? form.first | DUPLICATE_FLAG : form.first
  const headAt = putVariable(bytes, at + 1, head.length + payloadBytes)
  // A call into native code costs more than these few bytes.
  for (let i = 0; i < head.length; i++) bytes[headAt + i] = head[i]!
  if (packetIdAt >= 0) {
    bytes[headAt + packetIdAt] = packetId >>> 8
    bytes[headAt + packetIdAt + 1] = packetId & 0xff
  }
  return headAt + head.length
}
