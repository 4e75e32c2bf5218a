import type { ISubscribePacket, IUnsubscribePacket } from 'mqtt-packet'
import { subscribe, unsubscribe } from '../session/subscriptions.ts'
import { parseFilter } from '../session/topics.ts'
import { subscriptionAck } from './bytes.ts'
import { REASON } from './codes.ts'
import type { Connection } from './connection.ts'

/** SUBSCRIBE: SUBACK first, then the retained messages that it asks for. */
export function handleSubscribe(connection: Connection, packet: ISubscribePacket): void {
  const { node, channel } = connection
  if (channel === undefined) return
  node.counters.subscribeReceived++
  if (!areFilters(packet.subscriptions.map(({ topic }) => topic))) {
    connection.broken(REASON.topicFilterInvalid)
    return
  }
  // A shared subscription without the subscriber's own messages is a protocol error (MQTT 5 §3.8.3.1).
  if (packet.subscriptions.some(({ topic, nl }) => nl === true && topic.startsWith('$share/'))) {
    connection.broken(REASON.protocolError)
    return
  }
  const afterwards: (() => void)[] = []
  const granted = packet.subscriptions.map((wanted) => {
    node.counters.clientCheckAcl++
    node.counters.clientSubscribe++
    const refusal = node.hooks.subscribeRefusal(node)
    if (refusal !== undefined) return refusedCode(connection, refusal)
    const done = subscribe(node, channel.session, wanted.topic, {
      qos: wanted.qos,
      noLocal: wanted.nl ?? false,
      retainAsPublished: wanted.rap ?? false,
      retainHandling: wanted.rh ?? 0,
      identifier: packet.properties?.subscriptionIdentifier,
    })
    afterwards.push(done)
    return wanted.qos
  })
  const answer = () => {
    if (connection.phase !== 'open') return
    node.counters.subackSent++
    connection.write(subscriptionAck(0x90, connection.protocol, packet.messageId ?? 0, granted))
    for (const send of afterwards) send()
  }
  const delayMs = node.hooks.subackDelayMs(node)
  if (delayMs === 0) answer()
  else if (Number.isFinite(delayMs)) node.after(delayMs, answer)
}

/**
 * EMQX checks a packet before it answers: one filter that is none, or no filter at all, ends the connection, where MQTT 5 would let it
 * refuse that one in the SUBACK (5.8.9: DISCONNECT 0x8f, or FIN for MQTT 3; emqx_packet:check).
 */
const areFilters = (filters: readonly string[]): boolean =>
  filters.length > 0 && filters.every((filter) => parseFilter(filter) !== undefined)

/** MQTT 3.1.1 has one return code for every refusal (§3.9.3). */
function refusedCode({ protocol }: Connection, reason: number): number {
  return protocol === 5 ? reason : REASON.unspecified
}

export function handleUnsubscribe(connection: Connection, packet: IUnsubscribePacket): void {
  const { node, channel } = connection
  if (channel === undefined) return
  node.counters.unsubscribeReceived++
  if (!areFilters(packet.unsubscriptions)) {
    connection.broken(REASON.topicFilterInvalid)
    return
  }
  const granted = packet.unsubscriptions.map((filter) => {
    node.counters.clientUnsubscribe++
    return unsubscribe(node, channel.session, filter) ? 0 : REASON.noSubscriptionExisted
  })
  node.counters.unsubackSent++
  connection.write(subscriptionAck(0xb0, connection.protocol, packet.messageId ?? 0, granted))
}
