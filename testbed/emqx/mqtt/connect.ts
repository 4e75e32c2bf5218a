import { randomBytes } from 'node:crypto'
import type { IConnectPacket } from 'mqtt-packet'
import { licenceLine } from '../log/lines.ts'
import type { Channel } from '../session/channel.ts'
import { resume } from '../session/deliver.ts'
import { type Arrival, openSession } from '../session/open.ts'
import { validTopicName } from '../session/topics.ts'
import { acceptedBytes, RECEIVE_MAXIMUM } from './bytes.ts'
import { REASON } from './codes.ts'
import type { Connection } from './connection.ts'

/** `zone.external.session_expiry_interval` of EMQX, for MQTT 3 clients that keep their session. */
const SESSION_EXPIRY_SECONDS = 7200
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** CONNECT, in EMQX's order: licence, eviction agent, client id, authentication, session, CONNACK. */
export function handleConnect(connection: Connection, packet: IConnectPacket): void {
  const { node } = connection
  node.counters.connect++
  connection.protocol = packet.protocolVersion ?? 4
  const delayMs = node.hooks.connackDelayMs(node)
  if (delayMs === 0) {
    admit(connection, packet)
    return
  }
  connection.phase = 'held'
  node.after(delayMs, () => {
    if (connection.phase !== 'held') return
    connection.phase = 'waiting'
    admit(connection, packet)
    connection.release()
  })
}

function admit(connection: Connection, packet: IConnectPacket): void {
  const { node } = connection
  // Before anything else the packet itself is checked (5.8.9; emqx_packet:check).
  if (packet.will !== undefined && !validTopicName(packet.will.topic)) {
    connection.refuse(REASON.topicNameInvalid)
    return
  }
  // The licence comes before the eviction agent (docs/contract/emqx.md#what-clients-see); a client with a session is admitted.
  const isKnown = node.group.registry.has(packet.clientId)
  if (!isKnown && !node.license.admits()) {
    node.log.throttled(licenceLine(packet.clientId, peerOf(connection)))
    connection.refuse(REASON.quotaExceeded)
    return
  }
  if (node.agent.refuses) {
    connection.refuse(REASON.useAnotherServer, node.agent.serverReference)
    return
  }
  const { clientId, assigned } = chooseClientId(packet)
  if (clientId === undefined) {
    connection.refuse(REASON.clientIdInvalid)
    return
  }
  const refusal = node.hooks.refusal(node, clientId)
  if (refusal !== undefined) {
    connection.refuse(refusal)
    return
  }
  node.counters.clientAuthenticate++
  node.counters.clientAuthAnonymous++
  const { channel, sessionPresent } = openSession(node, arrivalOf(connection, packet, clientId))
  connection.channel = channel
  connection.phase = 'open'
  const { topicAliasMaximum = 0, maximumPacketSize } = packet.properties ?? {}
  connection.aliasMaximum = topicAliasMaximum
  if (maximumPacketSize !== undefined) connection.maximumPacketBytes = maximumPacketSize
  connection.keepAliveMs = (packet.keepalive ?? 0) * 1000
  connection.deadlineMs =
    connection.keepAliveMs === 0 ? Number.POSITIVE_INFINITY : node.clock.now() + connection.keepAliveMs * 1.5
  node.counters.clientConnected++
  node.counters.connackSent++
  connection.write(acceptedBytes(connection.protocol, sessionPresent, assigned ? clientId : undefined))
  if (sessionPresent) resume(channel)
  node.hooks.onConnected(node, channel)
}

const peerOf = ({ wire }: Connection) => `${wire.remoteAddress ?? ''}:${wire.remotePort ?? 0}`

function chooseClientId(packet: IConnectPacket): { clientId: string | undefined; assigned: boolean } {
  if (packet.clientId !== '') return { clientId: packet.clientId, assigned: false }
  // EMQX gives a name only with clean start, and refuses MQTT 5 without it as it does MQTT 3 (5.8.9: 0x85).
  if (packet.clean !== true) return { clientId: undefined, assigned: false }
  return { clientId: madeUpId(), assigned: true }
}

/** Sixteen letters and digits, as 5.8.9 makes them. */
function madeUpId(): string {
  return Array.from(randomBytes(16), (byte) => LETTERS[byte % LETTERS.length]).join('')
}

function arrivalOf(connection: Connection, packet: IConnectPacket, clientId: string): Arrival {
  const nowMs = connection.node.disturbed.wallMs()
  const { properties } = packet
  return {
    clientId,
    connection,
    traffic: connection.traffic,
    disconnectedAtMs: undefined,
    cleanStart: packet.clean ?? true,
    expirySeconds: expiryOf(packet),
    will: packet.will as Channel['will'],
    username: packet.username ?? null,
    protocolName: packet.protocolId ?? 'MQTT',
    protocol: connection.protocol,
    keepAliveSeconds: packet.keepalive ?? 0,
    receiveMaximum: Math.min(properties?.receiveMaximum ?? RECEIVE_MAXIMUM, RECEIVE_MAXIMUM),
    listener: connection.listener,
    address: connection.wire.remoteAddress ?? '',
    port: connection.wire.remotePort ?? 0,
    connectedAtMs: nowMs,
    createdAtMs: nowMs,
  }
}

function expiryOf(packet: IConnectPacket): number {
  if (packet.protocolVersion !== 5) return packet.clean === true ? 0 : SESSION_EXPIRY_SECONDS
  const seconds = packet.properties?.sessionExpiryInterval ?? 0
  return seconds === 0xffffffff ? Number.POSITIVE_INFINITY : seconds
}
