import fc from 'fast-check'
import type { Packet } from 'mqtt-packet'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { AckBuffer, readAckReason } from '#weir/bench/codec/acks.ts'
import { readPacketId } from '#weir/bench/codec/fields.ts'
import { PUBACK, PUBCOMP, PUBREC, PUBREL } from '#weir/bench/codec/packet-type.ts'
import { MalformedPacket } from '#weir/bench/codec/reason-code.ts'
import { firstRefusal, subackCodesAt } from '#weir/bench/codec/subscribe.ts'
import { type AnyAck, serverPackets } from '../support/arbitrary-packets.ts'
import { packetId } from '../support/arbitrary-requests.ts'
import { bodyOf, parsed, protocolOf } from '../support/mqtt-packet.ts'

const TYPES = { puback: PUBACK, pubrec: PUBREC, pubrel: PUBREL, pubcomp: PUBCOMP } as const

/** Acknowledgements with the reason codes that each kind may have (MQTT 5 §3.4.2.1, §3.6.2.1). */
const ack = fc.oneof(
  fc.record({ cmd: fc.constantFrom('puback', 'pubrec'), packetId, reason: fc.constantFrom(0, 0x10, 0x80) }),
  fc.record({ cmd: fc.constantFrom('pubrel', 'pubcomp'), packetId, reason: fc.constantFrom(0, 0x92) }),
)

test('any acknowledgements, gathered and sent in one write, as mqtt-packet reads them', () => {
  fc.assert(
    fc.property(fc.array(ack, { maxLength: 150 }), (list) => {
      const writes: Buffer[] = []
      const socket = { write: (bytes: Buffer) => writes.push(bytes) }
      const acks = new AckBuffer()
      for (const { cmd, packetId: id, reason } of list) acks.add(TYPES[cmd], id, reason)
      acks.flush(socket)
      acks.flush(socket)
      assert.is(writes.length, list.length > 0 ? 1 : 0)
      const packets = writes.flatMap((bytes) => parsed(bytes, 5)) as (Packet & { reasonCode?: number })[]
      assert.equal(
        packets.map(({ cmd, messageId, reasonCode = 0 }) => [cmd, messageId, reasonCode]),
        list.map(({ cmd, packetId: id, reason }) => [cmd, id, reason]),
      )
    }),
  )
})

test('a success is the same four bytes in MQTT 3.1.1', () => {
  const acks = new AckBuffer()
  for (const type of Object.values(TYPES)) acks.add(type, 0x1234)
  acks.flush({
    write: (bytes: Buffer) =>
      assert.equal(
        parsed(bytes, 4).map(({ cmd, messageId }) => [cmd, messageId]),
        Object.keys(TYPES).map((cmd) => [cmd, 0x1234]),
      ),
  })
})

test('PUBACK, PUBREC, PUBREL, PUBCOMP: packet id and reason code, with and without properties', () => {
  fc.assert(
    fc.property(serverPackets.ack, (server) => {
      const { first, bytes, start, end } = bodyOf(server)
      const packet = server.packet as AnyAck
      assert.is(first, TYPES[packet.cmd])
      assert.is(readPacketId(bytes, start, end), packet.messageId)
      assert.is(readAckReason(bytes, start, end, protocolOf(server.version)), packet.reasonCode ?? 0)
    }),
  )
})

test('SUBACK and UNSUBACK: packet id, as many codes as filters, and how many of them refuse', () => {
  fc.assert(
    fc.property(serverPackets.suback, (server) => {
      const { bytes, start, end } = bodyOf(server)
      const { messageId, granted } = server.packet as { messageId: number; granted: number[] }
      assert.is(readPacketId(bytes, start, end), messageId)
      const codes = subackCodesAt(bytes, start, end, protocolOf(server.version))
      assert.equal([...bytes.subarray(codes, end)], granted)
      assert.is(firstRefusal(bytes, codes, end), granted.find((code) => code >= 0x80) ?? -1)
    }),
  )
})

test('an acknowledgement that cannot be is malformed', () => {
  const malformed = (read: () => unknown, what: string) =>
    assert.throws(read, (error: unknown) => error instanceof MalformedPacket, what)
  const bytes = (hex: string) => Buffer.from(hex, 'hex')
  malformed(() => readPacketId(bytes('0000'), 0, 2), 'packet id 0')
  malformed(() => readPacketId(bytes('00'), 0, 1), 'half a packet id')
  malformed(() => readAckReason(bytes('000100'), 0, 3, '3.1.1'), 'a reason code in MQTT 3.1.1')
  malformed(() => readAckReason(bytes('00010003210001'), 0, 7, '5'), 'a property of another packet')
  malformed(() => readAckReason(bytes('0001000000'), 0, 5, '5'), 'bytes behind the properties')
  malformed(() => subackCodesAt(bytes('000100'), 0, 3, '5'), 'no code')
  malformed(() => subackCodesAt(bytes('0001'), 0, 2, '3.1.1'), 'no code in MQTT 3.1.1')
})

test.run()
