import { generate, type ISubscribePacket, type IUnsubscribePacket } from 'mqtt-packet'
import { subscribe, unsubscribe } from '../session/subscriptions.ts'
import { REASON } from './codes.ts'
import type { Connection } from './connection.ts'

/** SUBSCRIBE: SUBACK first, then the retained messages that it asks for. */
export function handleSubscribe(connection: Connection, packet: ISubscribePacket): void {
  const { node, channel } = connection
  if (channel === undefined) return
  node.counters.subscribeReceived++
  const afterwards: (() => void)[] = []
  const granted = packet.subscriptions.map((wanted) => {
    node.counters.clientCheckAcl++
    node.counters.clientSubscribe++
    const done = subscribe(node, channel.session, wanted.topic, {
      qos: wanted.qos,
      noLocal: wanted.nl ?? false,
      retainAsPublished: wanted.rap ?? false,
      retainHandling: wanted.rh ?? 0,
      identifier: packet.properties?.subscriptionIdentifier,
    })
    if (done === false) return connection.protocol === 5 ? REASON.topicFilterInvalid : 0x80
    afterwards.push(done)
    return wanted.qos
  })
  node.counters.subackSent++
  connection.write(
    generate(
      { cmd: 'suback', messageId: packet.messageId ?? 0, granted },
      { protocolVersion: connection.protocol },
    ),
  )
  for (const send of afterwards) send()
}

export function handleUnsubscribe(connection: Connection, packet: IUnsubscribePacket): void {
  const { node, channel } = connection
  if (channel === undefined) return
  node.counters.unsubscribeReceived++
  const granted = packet.unsubscriptions.map((filter) => {
    node.counters.clientUnsubscribe++
    return unsubscribe(node, channel.session, filter) ? 0 : REASON.noSubscriptionExisted
  })
  node.counters.unsubackSent++
  connection.write(
    generate(
      { cmd: 'unsuback', messageId: packet.messageId ?? 0, granted },
      { protocolVersion: connection.protocol },
    ),
  )
}
