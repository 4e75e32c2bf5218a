import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { checkAddresses } from '#weir/bench/fleet/sources/check-addresses.ts'
import { dealtOver } from '#weir/bench/fleet/sources/choose-sources.ts'
import { ownAddresses, parsePortRange, portsIn } from '#weir/bench/fleet/sources/own-addresses.ts'
import { loopbackAddresses } from '#weir/bench/fleet/sources/plan-sources.ts'
import { startFleet } from '#weir/bench/fleet/start-fleet.ts'
import { WeirError } from '#weir/errors/index.ts'
import { FakeBroker } from '../../support/fake-broker.ts'
import { fleetSpec } from '../../support/fleet-spec.ts'
import { until } from '../../support/until.ts'

test('loopback addresses count on through 127.0.0.0/8', () => {
  const addresses = loopbackAddresses(300)
  assert.is(addresses[0], '127.0.0.2')
  assert.is(addresses[253], '127.0.0.255')
  assert.is(addresses[254], '127.0.1.0')
  assert.is(new Set(addresses).size, 300)
})

test('the port range as Linux writes it', () => {
  const range = parsePortRange('32768\t60999\n')
  assert.equal(range, { low: 32_768, high: 60_999 })
  assert.is(portsIn(range!), 28_232)
  assert.is(parsePortRange('nonsense'), undefined)
})

test('own addresses: the interface of the way there, its usual address first', async () => {
  const info = (address: string, family: 'IPv4' | 'IPv6') =>
    ({ address, family, netmask: '', mac: '', internal: true, cidr: null, scopeid: 0 }) as never
  const own = await ownAddresses('127.0.0.1', {
    lo: [info('127.0.0.8', 'IPv4'), info('127.0.0.1', 'IPv4'), info('::1', 'IPv6')],
    eth0: [info('192.0.2.1', 'IPv4')],
  })
  assert.equal(own, ['127.0.0.1', '127.0.0.8'])
})

test('every address meets every target, also where both are as many', () => {
  const list = dealtOver(['a', 'b'], 2)
  const met = new Set(Array.from({ length: 8 }, (_, k) => `${k % 2} ${list[k % list.length]}`))
  assert.equal([...met].sort(), ['0 a', '0 b', '1 a', '1 b'])
})

const localhost = { host: 'localhost', address: '127.0.0.1' }
const elsewhere = { host: 'broker.example', address: '192.0.2.9' }
for (const [addresses, target, code, words] of [
  [['eth0'], localhost, 'WEIR_USAGE', /"eth0" is not an IP address/],
  [
    ['127.0.0.2', '192.0.2.77'],
    localhost,
    'WEIR_PORTS',
    /cannot connect from 192\.0\.2\.77 \(EADDRNOTAVAIL\)/,
  ],
  [['::1'], localhost, 'WEIR_USAGE', /::1 is IPv6 and the target localhost \(127.0.0.1\) IPv4/],
  [['127.0.0.2'], elsewhere, 'WEIR_USAGE', /127.0.0.2 is a loopback address.*broker.example/],
  [[], localhost, 'WEIR_USAGE', /list of source addresses is empty/],
] as const)
  test(`source addresses ${addresses.join(', ') || 'none'} to ${target.host}: refused by name`, async () => {
    const error = await checkAddresses(addresses, [target]).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    assert.instance(error, WeirError)
    assert.is((error as WeirError).code, code)
    assert.match((error as WeirError).message, words)
  })

test('clients come from the addresses that are named, in turn, to each of several targets', async () => {
  const brokers = [await FakeBroker.listen(), await FakeBroker.listen()]
  const spec = fleetSpec({
    clients: 12,
    targets: brokers.map(({ target }) => target),
    sourceAddresses: ['127.0.0.2', '127.0.0.3'],
  })
  const fleet = await startFleet(spec, () => undefined)
  await until('all are online', () => fleet.counters().online === 12)
  const from = brokers.map(({ visits }) => visits.map(({ socket }) => socket.remoteAddress).sort())
  await fleet.stop()
  for (const broker of brokers) await broker.close()
  const each = ['127.0.0.2', '127.0.0.2', '127.0.0.2', '127.0.0.3', '127.0.0.3', '127.0.0.3']
  assert.equal(from, [each, each])
})

test('an address that this machine does not have is refused before the first client', async () => {
  const broker = await FakeBroker.listen()
  const spec = fleetSpec({ targets: [broker.target], sourceAddresses: ['192.0.2.77'] })
  const error = await startFleet(spec, () => undefined).catch((reason: unknown) => reason)
  await broker.close()
  assert.instance(error, WeirError)
  assert.is(broker.visits.length, 0)
})

test.run()
