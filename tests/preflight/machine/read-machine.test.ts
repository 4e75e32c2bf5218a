import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readMachine } from '#weir/preflight/machine/read-machine.ts'
import { FakeBroker } from '../../bench/support/fake-broker.ts'

test('a real machine: what every system tells is there, and a broker is found or not', async () => {
  const broker = await FakeBroker.listen()
  const closed = await FakeBroker.listen()
  await closed.close()
  const readings = await readMachine({
    clients: 1,
    targets: [broker.target, closed.target, { host: 'no-such-host.invalid', port: 1883 }],
    sourceAddresses: ['127.0.0.1'],
  })
  await broker.close()
  assert.ok(readings.descriptors.limit > readings.descriptors.open)
  assert.ok(readings.cpus >= 1)
  assert.ok(readings.availableBytes > 0)
  assert.ok(readings.clock.watchedMs > 0)
  assert.is(readings.sourceTrouble, undefined)
  const [there, away, unresolved] = readings.targets
  assert.ok(there!.connectMs! > 0)
  assert.is(away!.address, '127.0.0.1')
  assert.is(away!.connectMs, undefined)
  assert.match(unresolved!.trouble!.message, 'no-such-host.invalid')
})

test('a source address that this machine does not have is told, not thrown', async () => {
  const { sourceTrouble } = await readMachine({ clients: 1, sourceAddresses: ['192.0.2.77'] })
  assert.match(sourceTrouble!.message, /192\.0\.2\.77/)
})

test.run()
