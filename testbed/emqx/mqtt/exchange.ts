import type { IPublishPacket } from 'mqtt-packet'
import { flushQueue } from '../session/deliver.ts'
import { makeMessage } from '../session/message.ts'
import { publish } from '../session/publish.ts'
import { MAX_AWAITING_RELEASE } from '../session/session.ts'
import { validTopicName } from '../session/topics.ts'
import { acknowledgement } from './bytes.ts'
import { REASON } from './codes.ts'
import type { Connection } from './connection.ts'

const RECEIVED = ['messagesQos0Received', 'messagesQos1Received', 'messagesQos2Received'] as const

/** PUBLISH from a client: alias, routing, and the acknowledgement that its QoS asks for (MQTT 5 §4.3). */
export function handlePublish(connection: Connection, packet: IPublishPacket): void {
  const { node, channel } = connection
  if (channel === undefined) return
  node.counters.publishReceived++
  node.counters[RECEIVED[packet.qos]]++
  connection.traffic.receivedMessages[packet.qos]++
  const topic = resolveAlias(connection, packet)
  if (topic === undefined || !validTopicName(topic)) {
    node.counters.publishError++
    connection.broken('protocol')
    return
  }
  const packetId = packet.messageId ?? 0
  const isV5 = connection.protocol === 5
  if (packet.qos === 2) {
    channel.session.awaitingRelease ??= new Set()
    const waiting = channel.session.awaitingRelease
    // Sent again before its PUBREL: the message is in the cluster already.
    if (!waiting.has(packetId)) {
      if (waiting.size >= MAX_AWAITING_RELEASE) {
        node.counters.pubrecSent++
        connection.write(acknowledgement(0x50, packetId, isV5 ? REASON.quotaExceeded : 0))
        return
      }
      waiting.add(packetId)
      node.counters.messagesReceived++
      publish(node, makeMessage(channel.clientId, { ...packet, topic }, node.clock.now()))
    }
    node.counters.pubrecSent++
    connection.write(acknowledgement(0x50, packetId))
    return
  }
  node.counters.messagesReceived++
  const reached = publish(node, makeMessage(channel.clientId, { ...packet, topic }, node.clock.now()))
  if (packet.qos === 0) return
  node.counters.pubackSent++
  connection.write(acknowledgement(0x40, packetId, reached || !isV5 ? 0 : REASON.noMatchingSubscribers))
}

function resolveAlias(connection: Connection, packet: IPublishPacket): string | undefined {
  const alias = packet.properties?.topicAlias
  if (alias === undefined) return packet.topic
  if (alias === 0) return undefined
  connection.aliases ??= new Map()
  if (packet.topic === '') return connection.aliases.get(alias)
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
