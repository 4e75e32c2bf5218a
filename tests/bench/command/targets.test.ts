import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { targetsOf } from '#weir/bench/command/targets.ts'
import { refused } from './refused.ts'

test('one host, several, each with the port of -p or its own', () => {
  assert.equal(targetsOf({}), [{ host: 'localhost', port: 1883 }])
  assert.equal(targetsOf({ hostname: 'a, b:1884,10.0.0.1', port: 2000 }), [
    { host: 'a', port: 2000 },
    { host: 'b', port: 1884 },
    { host: '10.0.0.1', port: 2000 },
  ])
})

test('IPv6 addresses, bare or with a port in brackets', () => {
  assert.equal(targetsOf({ hostname: '::1,[::1]:1884,[fe80::1%eth0]' }), [
    { host: '::1', port: 1883 },
    { host: '::1', port: 1884 },
    { host: 'fe80::1%eth0', port: 1883 },
  ])
})

for (const hostname of ['', 'a,', 'mqtt://a', 'a b', 'a:', 'a:b', '[::1', '[a]b'])
  test(`"${hostname}" is not a host`, () => refused(() => targetsOf({ hostname }), 'is not a host'))

test('ports that are none', () => {
  refused(() => targetsOf({ port: 65_536 }), '--port')
  refused(() => targetsOf({ hostname: 'a:0' }), 'the port of --hostname a:0')
})

test.run()
