import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { addressBytes, addressRange, endpointOf } from '#weir/bench/transport/address-range.ts'
import { proxyHeader } from '#weir/bench/transport/proxy-protocol.ts'
import { refused } from '../command/refused.ts'

const at = (address: string, port: number) => ({ address, port })
const hex = (header: Buffer) => header.toString('hex')
const SIGNATURE = '0d0a0d0a000d0a515549540a'

test('version 1: one line', () => {
  const line = (from: string, to: string) => proxyHeader('v1', at(from, 56324), at(to, 1883)).toString()
  assert.is(line('198.18.0.1', '192.0.2.7'), 'PROXY TCP4 198.18.0.1 192.0.2.7 56324 1883\r\n')
  assert.is(line('fd00::1', '2001:db8::7'), 'PROXY TCP6 fd00::1 2001:db8::7 56324 1883\r\n')
  assert.is(line('198.18.0.1', '::1'), 'PROXY TCP6 ::ffff:198.18.0.1 ::1 56324 1883\r\n')
  assert.is(line('198.18.0.1', 'broker.example'), 'PROXY TCP4 198.18.0.1 0.0.0.0 56324 1883\r\n')
})

test('version 2: signature, command, family, length, addresses and ports, and nothing else', () => {
  assert.is(
    hex(proxyHeader('v2', at('198.18.0.1', 0xdc04), at('192.0.2.7', 1883))),
    [SIGNATURE, '2111000c', 'c6120001', 'c0000207', 'dc04', '075b'].join(''),
  )
  assert.is(
    hex(proxyHeader('v2', at('fd00::1', 1024), at('192.0.2.7', 8883))),
    `${SIGNATURE}21210024` +
      'fd000000000000000000000000000001' +
      '00000000000000000000ffffc0000207' +
      '0400' +
      '22b3',
  )
})

test('addresses of a network in turn, and with another port once all have had one', () => {
  const range = addressRange('--proxy-sources', '198.18.0.0/30')
  assert.equal(
    [0, 1, 2, 5].map((client) => endpointOf(range, client)),
    [at('198.18.0.1', 1024), at('198.18.0.2', 1024), at('198.18.0.1', 1025), at('198.18.0.2', 1026)],
  )
  assert.equal(endpointOf(addressRange('x', '192.0.2.9'), 70_000), at('192.0.2.9', 1024 + (70_000 % 64_512)))
  assert.equal(endpointOf(addressRange('x', '192.0.2.8/31'), 1), at('192.0.2.9', 1024))
  assert.is(endpointOf(addressRange('x', 'fd00::/64'), 0x1_0001).address, 'fd00:0:0:0:0:0:1:1')
})

test('different clients have different endpoints', () => {
  const range = addressRange('x', '198.18.0.0/24')
  const all = Array.from({ length: 5000 }, (_, k) => endpointOf(range, k))
  assert.is(new Set(all.map(({ address, port }) => `${address} ${port}`)).size, 5000)
})

test('the bytes of any address', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
      const groups = Array.from({ length: 8 }, (_, i) =>
        ((bytes[2 * i]! << 8) | bytes[2 * i + 1]!).toString(16),
      )
      // As systems write them, with "::".
      const short = new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
      assert.equal([...addressBytes(groups.join(':'))], [...bytes])
      assert.equal([...addressBytes(short)], [...bytes])
      assert.equal([...addressBytes([...bytes.subarray(0, 4)].join('.'))], [...bytes.subarray(0, 4)])
    }),
  )
  assert.is(addressBytes('::ffff:192.0.2.7').toString('hex'), '00000000000000000000ffffc0000207')
})

for (const text of ['', 'x', '198.18.0.0/33', '198.18.0.0/', '198.18.0.0/1/2', 'fd00::/129', '1.2.3'])
  test(`"${text}" is no network`, () =>
    refused(() => addressRange('--proxy-sources', text), '--proxy-sources is'))

test.run()
