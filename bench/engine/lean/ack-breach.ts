import type { ProtocolBreach } from '#weir/facts/index.ts'
import * as type from '../../codec/packet-type.ts'
import { FIRST_FAILURE, MalformedPacket, PROTOCOL_ERROR } from '../../codec/reason-code.ts'
import type { Client } from './client.ts'
import { AWAITS_PUBACK, FREE } from './in-flight.ts'
import type { AckKind } from './protocol-handler.ts'

/**
 * An acknowledgement that no message in flight awaits. Throws MalformedPacket if its packet identifier belongs to a message that must be
 * answered otherwise (MQTT 5 §4.3, MQTT 3.1.1 §4.3). Returns the breach where only its identifier is unknown: the connection goes on,
 * as no message is concerned. Undefined where the packet may come.
 */
export function breachOfAck(
  client: Client,
  ack: AckKind,
  packetId: number,
  reason: number,
): ProtocolBreach | undefined {
  const state = client.publishing?.inFlight.state(packetId) ?? FREE
  if (ack === type.PUBCOMP && client.surplusReleases > 0) {
    client.surplusReleases--
    return undefined
  }
  if (state !== FREE) {
    const breach = state === AWAITS_PUBACK ? OF_QOS_1[ack] : OF_QOS_2[ack]
    throw new MalformedPacket(`${breach} with packet id ${packetId}`, PROTOCOL_ERROR, breach)
  }
  if (client.surplusReleases === Number.POSITIVE_INFINITY) return undefined
  // It is answered with a PUBREL, and that with a PUBCOMP.
  if (ack === type.PUBREC && reason < FIRST_FAILURE) client.surplusReleases++
  return 'unknown-packet-id'
}

const OF_QOS_1: Readonly<Partial<Record<AckKind, ProtocolBreach>>> = {
  [type.PUBREC]: 'pubrec-for-qos-1',
  [type.PUBCOMP]: 'pubcomp-for-qos-1',
}

/** A PUBREC is what a QoS 2 message awaits, or may come again. */
const OF_QOS_2: Readonly<Partial<Record<AckKind, ProtocolBreach>>> = {
  [type.PUBACK]: 'puback-for-qos-2',
  [type.PUBCOMP]: 'pubcomp-before-pubrel',
}
