import fc from 'fast-check'
import type { IPubackPacket, IPubcompPacket, IPubrecPacket, IPubrelPacket, Packet } from 'mqtt-packet'

/** Packets that a broker may send, for mqtt-packet's own types and writer to compare with. */

export type Version = 4 | 5
export interface ServerPacket {
  version: Version
  packet: Packet
}

const version = fc.constantFrom<Version>(4, 5)
const text = fc.string({ unit: 'grapheme', maxLength: 12 })
const topic = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 200 })
  .map((s) => `t/${s.replace(/[+#\0]/g, '_')}`)
const packetId = fc.integer({ min: 1, max: 0xffff })
// mqtt-packet miscounts an empty set of user properties (a byte of it lies beyond the packet), so there is at least one.
const userProperties = fc.dictionary(
  text.map((s) => `k${s}`),
  text,
  { minKeys: 1, maxKeys: 3 },
)

const identifier = fc.integer({ min: 1, max: 268_435_455 })

const connack = version.chain((v) =>
  fc
    .record({
      sessionPresent: fc.boolean(),
      code: fc.constantFrom(0, ...(v === 5 ? [0x80, 0x87, 0x97, 0x9c] : [1, 2, 3, 4, 5])),
      properties: fc.option(
        fc.record(
          {
            serverKeepAlive: fc.integer({ min: 0, max: 0xffff }),
            assignedClientIdentifier: text,
            sessionExpiryInterval: fc.integer({ min: 0, max: 0xffff_ffff }),
            receiveMaximum: fc.integer({ min: 1, max: 0xffff }),
            maximumPacketSize: fc.integer({ min: 1, max: 0xffff_ffff }),
            retainAvailable: fc.boolean(),
            maximumQoS: fc.constantFrom(0, 1),
            topicAliasMaximum: fc.integer({ min: 0, max: 0xffff }),
            wildcardSubscriptionAvailable: fc.boolean(),
            subscriptionIdentifiersAvailable: fc.boolean(),
            sharedSubscriptionAvailable: fc.boolean(),
            responseInformation: text,
            reasonString: text,
            serverReference: text,
            userProperties,
          },
          { requiredKeys: [] },
        ),
        { nil: undefined },
      ),
    })
    .map(({ sessionPresent, code, properties }): ServerPacket => {
      const result =
        v === 5 ? { reasonCode: code, ...(properties ? { properties } : {}) } : { returnCode: code }
      return { version: v, packet: { cmd: 'connack', sessionPresent, ...result } as Packet }
    }),
)

const publish = fc
  .record({
    version,
    topic,
    qos: fc.constantFrom(0 as const, 1 as const, 2 as const),
    retain: fc.boolean(),
    dup: fc.boolean(),
    messageId: packetId,
    payload: fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
    properties: fc.option(
      fc.record(
        {
          messageExpiryInterval: fc.nat(),
          contentType: text,
          topicAlias: fc.integer({ min: 1, max: 0xffff }),
          subscriptionIdentifier: fc.oneof(identifier, fc.array(identifier, { minLength: 2, maxLength: 3 })),
          userProperties,
        },
        { requiredKeys: [] },
      ),
      { nil: undefined },
    ),
  })
  .map(({ version: v, properties, qos, dup, messageId, ...rest }): ServerPacket => {
    const packet = {
      cmd: 'publish',
      qos,
      // MQTT 5 §3.3.1.1: DUP must be 0 for QoS 0.
      dup: qos > 0 && dup,
      ...(qos > 0 ? { messageId } : {}),
      ...rest,
      ...(v === 5 && properties ? { properties } : {}),
    }
    return { version: v, packet: packet as Packet }
  })

const suback = version.chain((v) =>
  fc
    .record({
      messageId: packetId,
      granted: fc.array(fc.constantFrom(0, 1, 2, v === 5 ? 0x87 : 0x80), { minLength: 1, maxLength: 4 }),
    })
    .map(
      ({ messageId, granted }): ServerPacket => ({
        version: v,
        packet: { cmd: 'suback', messageId, granted } as Packet,
      }),
    ),
)

const pingresp = version.map((v): ServerPacket => ({ version: v, packet: { cmd: 'pingresp' } as Packet }))

export type AnyAck = IPubackPacket | IPubrecPacket | IPubrelPacket | IPubcompPacket

const properties = fc.option(fc.record({ reasonString: text, userProperties }, { requiredKeys: [] }), {
  nil: undefined,
})

/** Acknowledgements of QoS 1 and 2, with and without a reason code. */
const ack = fc
  .record({
    version,
    cmd: fc.constantFrom('puback', 'pubrec', 'pubrel', 'pubcomp'),
    messageId: packetId,
    refused: fc.boolean(),
    properties,
  })
  .map(({ version: v, cmd, messageId, refused, properties: said }): ServerPacket => {
    const reasonCode = refused ? (cmd === 'puback' || cmd === 'pubrec' ? 0x97 : 0x92) : 0
    const packet = {
      cmd,
      messageId,
      ...(v === 5 ? { reasonCode, ...(said ? { properties: said } : {}) } : {}),
    }
    return { version: v, packet: packet as Packet }
  })

const disconnect = fc
  .record({
    reasonCode: fc.constantFrom(0x8b, 0x8e, 0x98, 0x9c, 0x9d),
    properties: fc.option(fc.record({ serverReference: text, reasonString: text }, { requiredKeys: [] }), {
      nil: undefined,
    }),
  })
  .map(({ reasonCode, properties }): ServerPacket => {
    const packet = { cmd: 'disconnect', reasonCode, ...(properties ? { properties } : {}) }
    return { version: 5, packet: packet as Packet }
  })

export const serverPackets = { connack, publish, suback, pingresp, ack, disconnect }
export const anyServerPacket = fc.oneof(connack, publish, suback, pingresp, ack, disconnect)
