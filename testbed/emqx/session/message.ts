import type { IPublishPacket } from 'mqtt-packet'

/** A message on its way through the cluster. */
export interface Message {
  topic: string
  payload: Buffer
  qos: 0 | 1 | 2
  retain: boolean
  /** Client id of the publisher, for no-local. */
  from: string
  properties: IPublishPacket['properties']
  /** Unix milliseconds; Infinity without a message expiry. */
  expiresAtMs: number
}

export function makeMessage(
  from: string,
  packet: {
    topic: string
    payload: string | Buffer
    qos?: 0 | 1 | 2 | undefined
    retain?: boolean | undefined
    properties?: IPublishPacket['properties']
  },
  nowMs: number,
): Message {
  const { topicAlias: _alias, subscriptionIdentifier: _own, ...properties } = packet.properties ?? {}
  const expiry = properties.messageExpiryInterval
  return {
    topic: packet.topic,
    payload: typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload,
    qos: packet.qos ?? 0,
    retain: packet.retain ?? false,
    from,
    properties: Object.keys(properties).length === 0 ? undefined : properties,
    expiresAtMs: expiry === undefined ? Number.POSITIVE_INFINITY : nowMs + expiry * 1000,
  }
}
