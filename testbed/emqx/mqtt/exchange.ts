import type { Channel } from '../session/channel.ts'
import { flushQueue } from '../session/deliver.ts'
import { makeMessage } from '../session/message.ts'
import { publish } from '../session/publish.ts'
import { MAX_AWAITING_RELEASE } from '../session/session.ts'
import { validTopicName } from '../session/topics.ts'
import { acknowledgement } from './bytes.ts'
import { REASON } from './codes.ts'
import type { Connection } from './connection.ts'
import type { Incoming } from './publish-frame.ts'

const RECEIVED = ['messagesQos0Received', 'messagesQos1Received', 'messagesQos2Received'] as const

/** PUBLISH from a client: alias, routing, and the acknowledgement that its QoS asks for (MQTT 5 §4.3). */
export function handlePublish(connection: Connection, packet: Incoming): void {
  const { node, channel } = connection
  if (channel === undefined) return
  node.counters.publishReceived++
  node.counters[RECEIVED[packet.qos]]++
  connection.traffic.receivedMessages[packet.qos]++
  const topic = resolveAlias(connection, packet)
  if (typeof topic === 'number' || !validTopicName(topic)) {
    node.counters.publishError++
    connection.broken(typeof topic === 'number' ? topic : REASON.topicNameInvalid)
    return
  }
  packet.topic = topic
  if (packet.qos === 2) {
    receiveExactlyOnce(connection, channel, packet)
    return
  }
  node.counters.messagesReceived++
  const reached = publish(node, makeMessage(channel.clientId, packet, node.clock.now()))
  if (packet.qos === 0) return
  node.counters.pubackSent++
  connection.write(acknowledgement(0x40, packet.packetId, success(connection, reached)))
}

function success({ protocol }: Connection, reached: boolean): number {
  return reached || protocol !== 5 ? 0 : REASON.noMatchingSubscribers
}

/**
 * QoS 2: the packet id is kept until its PUBREL, with the session, so that a PUBLISH that comes again is not published
 * again; MQTT 5 receives 0x91. A client with too many of them is disconnected, MQTT 5 with 0x93.
 */
function receiveExactlyOnce(connection: Connection, { session, clientId }: Channel, packet: Incoming): void {
  const { node } = connection
  const { packetId } = packet
  session.awaitingRelease ??= new Map()
  const waiting = session.awaitingRelease
  if (waiting.has(packetId)) {
    node.counters.publishInUse++
    node.counters.pubrecSent++
    connection.write(acknowledgement(0x50, packetId, connection.protocol === 5 ? REASON.packetIdInUse : 0))
    return
  }
  if (waiting.size >= MAX_AWAITING_RELEASE) {
    node.counters.publishDropped++
    connection.broken(REASON.receiveMaximumExceeded)
    return
  }
  const nowMs = node.clock.now()
  waiting.set(packetId, nowMs)
  node.counters.messagesReceived++
  const reached = publish(node, makeMessage(clientId, packet, nowMs))
  node.counters.pubrecSent++
  connection.write(acknowledgement(0x50, packetId, success(connection, reached)))
}

/** The topic, or the reason why there is none (MQTT 5 §3.3.2.3.4). */
function resolveAlias(connection: Connection, packet: Incoming): string | number {
  const alias = packet.properties?.topicAlias
  if (alias === undefined) return packet.topic
  if (alias === 0) return REASON.topicAliasInvalid
  connection.aliases ??= new Map()
  if (packet.topic === '') return connection.aliases.get(alias) ?? REASON.protocolError
  connection.aliases.set(alias, packet.topic)
  return packet.topic
}

/** PUBACK of a message that we sent. */
export function acknowledged(connection: Connection, packetId: number): void {
  const { node, channel } = connection
  node.counters.pubackReceived++
  if (channel?.session.inFlight?.delete(packetId) !== true) {
    node.counters.pubackMissed++
    return
  }
  node.counters.messagesAcked++
  flushQueue(channel)
}

/** PUBREC of a message that we sent: from now on only its release is sent again. */
export function received(connection: Connection, packetId: number, reason: number): void {
  const { node, channel } = connection
  node.counters.pubrecReceived++
  const inFlight = channel?.session.inFlight?.get(packetId)
  if (channel === undefined) return
  if (reason >= 0x80) {
    channel.session.inFlight?.delete(packetId)
    flushQueue(channel)
    return
  }
  if (inFlight === undefined) node.counters.pubrecMissed++
  else {
    inFlight.released = true
    inFlight.delivery = undefined
    node.counters.messagesAcked++
  }
  node.counters.pubrelSent++
  const missing = inFlight === undefined && connection.protocol === 5
  connection.write(acknowledgement(0x62, packetId, missing ? REASON.packetIdNotFound : 0))
}

/** PUBREL of a message that we received. */
export function released(connection: Connection, packetId: number): void {
  const { node, channel } = connection
  node.counters.pubrelReceived++
  const known = channel?.session.awaitingRelease?.delete(packetId) === true
  if (!known) node.counters.pubrelMissed++
  node.counters.pubcompSent++
  const missing = !known && connection.protocol === 5
  connection.write(acknowledgement(0x70, packetId, missing ? REASON.packetIdNotFound : 0))
}

/** PUBCOMP of a message that we sent. */
export function completed(connection: Connection, packetId: number): void {
  const { node, channel } = connection
  node.counters.pubcompReceived++
  if (channel?.session.inFlight?.delete(packetId) !== true) {
    node.counters.pubcompMissed++
    return
  }
  flushQueue(channel)
}
