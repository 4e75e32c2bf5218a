import { generate } from 'mqtt-packet'
import { acknowledgement } from '../mqtt/bytes.ts'
import type { Channel } from './channel.ts'
import type { Message } from './message.ts'
import type { Delivery, Session, Subscription } from './session.ts'

const SENT = ['messagesQos0Sent', 'messagesQos1Sent', 'messagesQos2Sent'] as const

/** Gives a message to a session by one of its subscriptions: at once when there is room, else into its queue. */
export function deliver(
  session: Session,
  subscription: Subscription,
  message: Message,
  retained = false,
): void {
  const channel = session.channel
  if (channel === undefined) return
  const { counters } = channel.node
  if (subscription.noLocal && message.from === channel.clientId) {
    counters.deliveryDropped++
    counters.deliveryDroppedNoLocal++
    return
  }
  const delivery: Delivery = {
    message,
    qos: Math.min(message.qos, subscription.qos) as 0 | 1 | 2,
    retain: retained || (subscription.retainAsPublished && message.retain),
    identifier: subscription.identifier,
  }
  if (channel.connection === undefined || (delivery.qos > 0 && windowFull(channel))) {
    if (!session.enqueue(delivery)) return
    counters.deliveryDropped++
    counters.deliveryDroppedQueueFull++
    return
  }
  send(channel, delivery)
}

function windowFull(channel: Channel): boolean {
  return channel.session.queueLength > 0 || channel.session.inFlightCount >= channel.receiveMaximum
}

function send(channel: Channel, delivery: Delivery): void {
  const { session, node } = channel
  if (delivery.message.expiresAtMs <= node.clock.now()) {
    node.counters.deliveryDropped++
    node.counters.deliveryDroppedExpired++
    node.counters.messagesDroppedExpired++
    return
  }
  let packetId = 0
  if (delivery.qos > 0) {
    packetId = session.nextPacketId()
    session.inFlight ??= new Map()
    session.inFlight.set(packetId, { delivery, released: false })
  }
  write(channel, delivery, packetId, false)
}

function write(channel: Channel, delivery: Delivery, packetId: number, dup: boolean): void {
  const { node, connection } = channel
  const { message, identifier } = delivery
  const properties = { ...message.properties }
  if (identifier !== undefined) properties.subscriptionIdentifier = identifier
  if (Number.isFinite(message.expiresAtMs))
    properties.messageExpiryInterval = Math.max(
      1,
      Math.round((message.expiresAtMs - node.clock.now()) / 1000),
    )
  connection?.write(
    generate(
      {
        cmd: 'publish',
        topic: message.topic,
        payload: message.payload,
        qos: delivery.qos,
        retain: delivery.retain,
        dup,
        ...(packetId > 0 && { messageId: packetId }),
        ...(channel.protocol === 5 && { properties }),
      },
      { protocolVersion: channel.protocol },
    ),
  )
  node.counters.publishSent++
  node.counters[SENT[delivery.qos]]++
  channel.traffic.sentMessages[delivery.qos]++
  node.counters.messagesSent++
  node.counters.messagesDelivered++
}

/** Sends queued messages while the client's window has room. */
export function flushQueue(channel: Channel): void {
  const { session } = channel
  const { queue } = session
  if (queue === undefined || channel.connection === undefined) return
  let taken = 0
  while (taken < queue.length) {
    if (queue[taken]!.qos > 0 && session.inFlightCount >= channel.receiveMaximum) break
    send(channel, queue[taken++]!)
  }
  session.queue = taken === queue.length ? undefined : queue.slice(taken)
}

/** After a session came back: what was in flight again with DUP (MQTT 5 §4.4), then the queue. */
export function resume(channel: Channel): void {
  for (const [packetId, { delivery, released }] of channel.session.inFlight ?? []) {
    if (released) {
      channel.connection?.write(acknowledgement(0x62, packetId))
      channel.node.counters.pubrelSent++
    } else if (delivery !== undefined) write(channel, delivery, packetId, true)
  }
  flushQueue(channel)
}
