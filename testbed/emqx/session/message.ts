import type { IPublishPacket } from 'mqtt-packet'

/** The properties that are forwarded to subscribers (MQTT 5 §3.3.2.3). */
export type MessageProperties = Pick<
  NonNullable<IPublishPacket['properties']>,
  'payloadFormatIndicator' | 'contentType' | 'responseTopic' | 'correlationData' | 'userProperties'
>

/** A message on its way through the cluster. */
export interface Message {
  topic: string
  payload: Buffer
  qos: 0 | 1 | 2
  retain: boolean
  /** Client id of the publisher, for no-local. */
  from: string
  /** MQTT 5, and only if there are any. */
  properties: MessageProperties | undefined
  /** Unix milliseconds; Infinity without a message expiry. */
  expiresAtMs: number
}

/** From a PUBLISH or a will, without the properties that are for the server alone (alias, will delay). */
export function makeMessage(
  from: string,
  packet: {
    topic: string
    payload: string | Buffer
    qos?: 0 | 1 | 2 | undefined
    retain?: boolean | undefined
    properties?: (MessageProperties & { messageExpiryInterval?: number }) | undefined
  },
  nowMs: number,
): Message {
  const expiry = packet.properties?.messageExpiryInterval
  return {
    topic: packet.topic,
    payload: typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload,
    qos: packet.qos ?? 0,
    retain: packet.retain ?? false,
    from,
    properties: packet.properties === undefined ? undefined : carried(packet.properties),
    expiresAtMs: expiry === undefined ? Number.POSITIVE_INFINITY : nowMs + expiry * 1000,
  }
}

function carried({
  payloadFormatIndicator,
  contentType,
  responseTopic,
  correlationData,
  userProperties,
}: MessageProperties): MessageProperties | undefined {
  const kept = { payloadFormatIndicator, contentType, responseTopic, correlationData, userProperties }
  return Object.values(kept).some((value) => value !== undefined) ? kept : undefined
}
