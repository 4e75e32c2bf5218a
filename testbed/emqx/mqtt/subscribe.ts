import type { ISubscribePacket, IUnsubscribePacket } from 'mqtt-packet'
import { subscribe, unsubscribe } from '../session/subscriptions.ts'
import { subscriptionAck } from './bytes.ts'
import { REASON } from './codes.ts'
import type { Connection } from './connection.ts'

/** SUBSCRIBE: SUBACK first, then the retained messages that it asks for. */
export function handleSubscribe(connection: Connection, packet: ISubscribePacket): void {
  const { node, channel } = connection
  if (channel === undefined) return
  node.counters.subscribeReceived++
  // A SUBSCRIBE without a filter is a protocol error (MQTT 5 §3.8.3).
  // So is one that asks a shared subscription for no-local (§3.8.3.1).
  const asksTooMuch = packet.subscriptions.some(({ topic, nl }) => nl === true && topic.startsWith('$share/'))
  if (packet.subscriptions.length === 0 || asksTooMuch) {
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
    if (done === false) return refusedCode(connection, REASON.topicFilterInvalid)
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

/** MQTT 3.1.1 has one return code for every refusal (§3.9.3). */
function refusedCode({ protocol }: Connection, reason: number): number {
  return protocol === 5 ? reason : REASON.unspecified
}

export function handleUnsubscribe(connection: Connection, packet: IUnsubscribePacket): void {
  const { node, channel } = connection
  if (channel === undefined) return
  node.counters.unsubscribeReceived++
  if (packet.unsubscriptions.length === 0) {
    connection.broken(REASON.protocolError)
    return
  }
  const granted = packet.unsubscriptions.map((filter) => {
    node.counters.clientUnsubscribe++
    return unsubscribe(node, channel.session, filter) ? 0 : REASON.noSubscriptionExisted
  })
  node.counters.unsubackSent++
  connection.write(subscriptionAck(0xb0, connection.protocol, packet.messageId ?? 0, granted))
}
