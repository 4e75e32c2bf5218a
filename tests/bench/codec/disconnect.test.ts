import fc from 'fast-check'
import type { IDisconnectPacket } from 'mqtt-packet'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  DISCONNECT_BYTES,
  DISCONNECT_FOR_GOOD_BYTES,
  readDisconnect,
  writeDisconnect,
} from '#weir/bench/codec/disconnect.ts'
import { PINGREQ_BYTES } from '#weir/bench/codec/packet-type.ts'
import { MalformedPacket } from '#weir/bench/codec/reason-code.ts'
import { serverPackets } from '../support/arbitrary-packets.ts'
import { bodyOf, parsed, parsedOne } from '../support/mqtt-packet.ts'

test('DISCONNECT: its code and where to go instead', () => {
  fc.assert(
    fc.property(serverPackets.disconnect, (server) => {
      const { bytes, start, end } = bodyOf(server)
      const { reasonCode, properties } = server.packet as IDisconnectPacket
      assert.equal(readDisconnect(bytes, start, end), {
        code: reasonCode,
        serverReference: properties?.serverReference ?? '',
      })
    }),
  )
})

test('a DISCONNECT without a body is a normal one; EMQX’s own has a server reference or none', () => {
  const read = (hex: string) => {
    const bytes = Buffer.from(hex, 'hex')
    return readDisconnect(bytes, 2, bytes.length)
  }
  assert.equal(read('e000'), { code: 0, serverReference: '' })
  assert.equal(read('e0139c111c000e3132372e302e302e323a31383833'), {
    code: 0x9c,
    serverReference: '127.0.0.2:1883',
  })
  assert.equal(read('e0029c00'), { code: 0x9c, serverReference: '' })
})

test('a session expiry interval from a server, or bytes behind the properties, are malformed', () => {
  for (const hex of ['00051100000001', '000000'])
    assert.throws(
      () => readDisconnect(Buffer.from(hex, 'hex'), 0, hex.length / 2),
      (error: unknown) => error instanceof MalformedPacket,
    )
})

test('what clients say last, and PINGREQ', () => {
  for (const version of [4, 5] as const)
    assert.equal(
      parsed(Buffer.concat([PINGREQ_BYTES, DISCONNECT_BYTES]), version).map(({ cmd }) => cmd),
      ['pingreq', 'disconnect'],
    )
  assert.is(parsedOne('disconnect', DISCONNECT_FOR_GOOD_BYTES, 5).properties?.sessionExpiryInterval, 0)
  for (const code of [0x04, 0x81, 0x82, 0x93, 0x94, 0x95])
    assert.is(parsedOne('disconnect', writeDisconnect(code), 5).reasonCode, code)
})

test.run()
