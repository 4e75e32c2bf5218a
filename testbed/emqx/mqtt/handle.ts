import type { Packet } from 'mqtt-packet'
import { PINGRESP } from './bytes.ts'
import { REASON } from './codes.ts'
import { handleConnect } from './connect.ts'
import type { Connection } from './connection.ts'
import { decode } from './decode.ts'
import { acknowledged, completed, handlePublish, received, released } from './exchange.ts'
import { readPublish } from './publish-frame.ts'
import { handleSubscribe, handleUnsubscribe } from './subscribe.ts'

type Acknowledge = (connection: Connection, packetId: number, reason: number) => void

const ACKNOWLEDGEMENTS = {
  puback: acknowledged,
  pubrec: received,
  pubrel: released,
  pubcomp: completed,
} as const satisfies Record<string, Acknowledge>

/** The same by their first byte: 0x40, 0x50, 0x62, 0x70. */
const BY_TYPE: Record<number, Acknowledge> = {
  64: acknowledged,
  80: received,
  98: released,
  112: completed,
}

/** One whole control packet. The commonest are read from their bytes, the others by mqtt-packet. */
export function handleFrame(connection: Connection, frame: Buffer): void {
  const { counters } = connection.node
  if (connection.phase === 'waiting') {
    const packet = decode(frame, 0)
    if (packet?.cmd === 'connect') handleConnect(connection, packet)
    else if (asksForOtherVersion(frame)) connection.refuse(REASON.unsupportedVersion)
    else connection.destroy()
    return
  }
  const type = frame[0]!
  if (type === 0xc0) {
    counters.pingreqReceived++
    counters.pingrespSent++
    connection.write(PINGRESP)
    return
  }
  const acknowledge = frame.length === 4 && frame[1] === 2 ? BY_TYPE[type] : undefined
  if (acknowledge !== undefined) {
    acknowledge(connection, frame.readUInt16BE(2), 0)
    return
  }
  if (type >> 4 === 3) {
    const publish = readPublish(frame, connection.protocol)
    if (publish === undefined) connection.broken(REASON.malformed)
    else handlePublish(connection, publish)
    return
  }
  const packet = decode(frame, connection.protocol)
  if (packet === undefined) {
    connection.broken(REASON.malformed)
    return
  }
  handlePacket(connection, packet)
}

/** A CONNECT of MQTT in a version that is none: 5.8.9 refuses it with return code 1. What is no MQTT at all is closed without a word. */
function asksForOtherVersion(frame: Buffer): boolean {
  const start = frame.indexOf('\0\x04MQTT', 0, 'latin1')
  return frame[0] === 0x10 && start > 0 && start <= 5 && ![4, 5].includes(frame[start + 6]!)
}

function handlePacket(connection: Connection, packet: Packet): void {
  switch (packet.cmd) {
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
      ACKNOWLEDGEMENTS[packet.cmd](connection, packet.messageId ?? 0, packet.reasonCode ?? 0)
      return
    case 'subscribe':
      handleSubscribe(connection, packet)
      return
    case 'unsubscribe':
      handleUnsubscribe(connection, packet)
      return
    case 'disconnect': {
      connection.node.counters.disconnectReceived++
      const channel = connection.channel
      const expiry = packet.properties?.sessionExpiryInterval
      if (channel !== undefined && expiry !== undefined) {
        // A session that began without an expiry may not get one now (MQTT 5 §3.14.2.2.2).
        if (channel.expirySeconds === 0 && expiry > 0) {
          connection.broken(REASON.protocolError)
          return
        }
        channel.expirySeconds = expiry === 0xffffffff ? Number.POSITIVE_INFINITY : expiry
      }
      // Any other reason than 0 publishes the will (MQTT 5 §3.1.2.5); MQTT 3 has no reasons.
      connection.lose('normal', { willFires: (packet.reasonCode ?? 0) !== 0 })
      return
    }
    default:
      connection.broken(REASON.protocolError)
      return
  }
}
