import { generate } from 'mqtt-packet'
import { returnCode } from './codes.ts'

export const PINGRESP = Buffer.from([0xd0, 0x00])

/** What EMQX announces in every MQTT 5 CONNACK, byte for byte as recorded of 5.8.9. */
const CONNACK_V5_PROPERTIES = '13270010000021002025012a01290122ffff2801'
const ACCEPTED_V5 = [0, 1].map((present) => Buffer.from(`20160${present}00${CONNACK_V5_PROPERTIES}`, 'hex'))
const ACCEPTED_V3 = [0, 1].map((present) => Buffer.from([0x20, 0x02, present, 0x00]))

/** Receive Maximum that EMQX announces, and the most it keeps in flight itself (`max_inflight`). */
export const RECEIVE_MAXIMUM = 32
export const MAXIMUM_PACKET_BYTES = 0x100000

export function acceptedBytes(protocol: number, sessionPresent: boolean, assignedId?: string): Buffer {
  const present = sessionPresent ? 1 : 0
  if (protocol !== 5) return ACCEPTED_V3[present]!
  if (assignedId === undefined) return ACCEPTED_V5[present]!
  return generate(
    {
      cmd: 'connack',
      reasonCode: 0,
      sessionPresent,
      properties: {
        maximumPacketSize: MAXIMUM_PACKET_BYTES,
        receiveMaximum: RECEIVE_MAXIMUM,
        retainAvailable: true,
        assignedClientIdentifier: assignedId,
        sharedSubscriptionAvailable: true,
        subscriptionIdentifiersAvailable: true,
        topicAliasMaximum: 0xffff,
        wildcardSubscriptionAvailable: true,
      },
    },
    { protocolVersion: 5 },
  )
}

/** Server-Reference property (0x1C) with its length in front; a bare zero length when there is none. */
function referenceProperties(serverReference: string | undefined): Buffer {
  if (serverReference === undefined) return Buffer.from([0])
  const name = Buffer.from(serverReference)
  const length = 3 + name.length
  const varint = length < 128 ? [length] : [(length & 0x7f) | 0x80, length >> 7]
  return Buffer.concat([Buffer.from([...varint, 0x1c, name.length >> 8, name.length & 0xff]), name])
}

/** CONNACK that refuses; only MQTT 5 carries the reference. */
export function refusalBytes(protocol: number, reason: number, serverReference?: string): Buffer {
  if (protocol !== 5) return Buffer.from([0x20, 0x02, 0x00, returnCode(reason)])
  const properties = referenceProperties(serverReference)
  return Buffer.concat([Buffer.from([0x20, 2 + properties.length, 0x00, reason]), properties])
}

/** DISCONNECT of a server; MQTT 3 has none. */
export function disconnectBytes(reason: number, serverReference?: string): Buffer {
  const properties = referenceProperties(serverReference)
  return Buffer.concat([Buffer.from([0xe0, 1 + properties.length, reason]), properties])
}

/** PUBACK, PUBREC, PUBREL or PUBCOMP; MQTT 5 adds a reason only when it is not success. */
export function acknowledgement(type: 0x40 | 0x50 | 0x62 | 0x70, packetId: number, reason = 0): Buffer {
  if (reason === 0) return Buffer.from([type, 2, packetId >> 8, packetId & 0xff])
  return Buffer.from([type, 3, packetId >> 8, packetId & 0xff, reason])
}

/** SUBACK (0x90) or UNSUBACK (0xb0) with one code for each filter; 3.1.1 UNSUBACKs have none. */
export function subscriptionAck(
  type: 0x90 | 0xb0,
  protocol: number,
  packetId: number,
  codes: readonly number[],
): Buffer {
  const body = [packetId >> 8, packetId & 0xff]
  if (protocol === 5) body.push(0)
  if (protocol === 5 || type === 0x90) body.push(...codes)
  const length = body.length < 128 ? [body.length] : [(body.length & 0x7f) | 0x80, body.length >> 7]
  return Buffer.from([type, ...length, ...body])
}
