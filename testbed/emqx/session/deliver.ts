import { acknowledgement } from '../mqtt/bytes.ts'
import { publishBytes } from '../mqtt/publish-bytes.ts'
import type { Channel, ClientSession } from './channel.ts'
import type { Message } from './message.ts'
import type { Delivery, Subscription } from './session.ts'

const SENT = ['messagesQos0Sent', 'messagesQos1Sent', 'messagesQos2Sent'] as const

/** Gives a message to a session by one of its subscriptions: at once when there is room, else into its queue. */
export function deliver(
  session: ClientSession,
  subscription: Subscription,
  message: Message,
  retained = false,
): void {
  const channel = session.channel
  if (channel === undefined) return
  const { counters, hooks } = channel.node
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
  if (hooks.deliveries === undefined) give(channel, delivery)
  else for (const one of hooks.deliveries(session, delivery)) give(channel, one)
}

function give(channel: Channel, delivery: Delivery): void {
  if (channel.connection !== undefined && !mustWait(channel, delivery.qos)) {
    send(channel, delivery)
    return
  }
  if (!channel.session.enqueue(delivery)) return
  const { counters } = channel.node
  counters.deliveryDropped++
  counters.deliveryDroppedQueueFull++
}

/** EMQX sends QoS 0 past a queue that waits for acknowledgements, past QoS 0 messages in it too (5.8.9). */
function mustWait({ session, receiveMaximum }: Channel, qos: 0 | 1 | 2): boolean {
  if (qos === 0) return false
  return session.queueLength > 0 || session.onTheWay >= receiveMaximum
}

function send(channel: Channel, delivery: Delivery): void {
  const { session, node } = channel
  const nowMs = node.clock.now()
  if (delivery.message.expiresAtMs <= nowMs) {
    node.counters.deliveryDropped++
    node.counters.deliveryDroppedExpired++
    node.counters.messagesDroppedExpired++
    return
  }
  if (delivery.qos === 0) {
    write(channel, delivery, 0, false)
    return
  }
  const packetId = session.nextPacketId()
  if (!write(channel, delivery, packetId, false)) return
  session.inFlight ??= new Map()
  session.inFlight.set(packetId, { delivery, released: false, sentAtMs: nowMs })
}

/** Writes a PUBLISH; false when it is larger than the client takes: then it counts as delivered (MQTT 5 §3.1.2.11.4). */
function write(channel: Channel, delivery: Delivery, packetId: number, dup: boolean): boolean {
  const { node, connection, protocol } = channel
  const { message, identifier, qos, retain } = delivery
  if (connection === undefined) return true
  const { alias, known } = connection.aliasFor(message.topic)
  const secondsLeft = Number.isFinite(message.expiresAtMs)
    ? Math.max(1, Math.ceil((message.expiresAtMs - node.clock.now()) / 1000))
    : undefined
  const copy = { qos, retain, dup, packetId, identifier, alias, bare: known, secondsLeft }
  const bytes = publishBytes(message, protocol, copy)
  if (bytes.length > connection.maximumPacketBytes) {
    node.counters.deliveryDropped++
    node.counters.deliveryDroppedTooLarge++
    return false
  }
  if (alias > 0 && !known) connection.learn(message.topic)
  connection.write(bytes)
  node.counters.publishSent++
  node.counters[SENT[qos]]++
  channel.traffic.sentMessages[qos]++
  node.counters.messagesSent++
  node.counters.messagesDelivered++
  return true
}

/** Sends while the client's window has room: first what was in flight when it came back, then the queue. */
export function flushQueue(channel: Channel): void {
  if (channel.connection === undefined) return
  resend(channel)
  const { session } = channel
  const { queue } = session
  if (queue === undefined) return
  let taken = 0
  while (taken < queue.length) {
    if (queue[taken]!.qos > 0 && session.onTheWay >= channel.receiveMaximum) break
    send(channel, queue[taken++]!)
  }
  session.queue = taken === queue.length ? undefined : queue.slice(taken)
}

function resend(channel: Channel): void {
  const { session } = channel
  while (session.resending !== undefined && session.onTheWay < channel.receiveMaximum) {
    const packetId = session.resending.shift()!
    if (session.resending.length === 0) session.resending = undefined
    repeat(channel, packetId)
  }
}

/** Sends a message in flight again: with DUP under its packet id, or its PUBREL once it was received (MQTT 5 §4.4). */
function repeat(channel: Channel, packetId: number): void {
  const { session, node, connection } = channel
  const inFlight = session.inFlight?.get(packetId)
  if (inFlight === undefined) return
  inFlight.sentAtMs = node.clock.now()
  if (inFlight.released) {
    node.counters.pubrelSent++
    connection?.write(acknowledgement(0x62, packetId))
  } else if (inFlight.delivery !== undefined && !write(channel, inFlight.delivery, packetId, true))
    session.inFlight?.delete(packetId)
}

/**
 * After a session came back: releases first, then what was in flight, no more of it than the client takes now, then the
 * queue. Retained messages come with a SUBSCRIBE only.
 */
export function resume(channel: Channel): void {
  const { session } = channel
  session.resending = undefined
  const unreleased: number[] = []
  for (const [packetId, { released }] of session.inFlight ?? []) {
    if (released) repeat(channel, packetId)
    else unreleased.push(packetId)
  }
  if (unreleased.length > 0) session.resending = unreleased
  flushQueue(channel)
}

/** `retry_interval`: sends again what a connected client has not acknowledged for so long. */
export function retry(channel: Channel, nowMs: number, intervalMs: number): void {
  const { inFlight, resending } = channel.session
  for (const [packetId, { sentAtMs }] of inFlight ?? [])
    if (sentAtMs + intervalMs <= nowMs && resending?.includes(packetId) !== true) repeat(channel, packetId)
}
