import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type ConnOptions, fleetSpec } from '#weir/bench/conn/options.ts'
import { WeirError } from '#weir/errors/index.ts'

const OPTIONS: ConnOptions = {
  host: 'localhost',
  port: 1883,
  count: 1000,
  arrival: { kind: 'interval', everyMs: 10 },
  protocol: '5',
  clean: true,
  sessionExpirySeconds: 0,
  keepAliveSeconds: 30,
  reconnect: { preset: 'mqttx-bench' },
  workers: 0,
  seed: 1,
}

test('the default client id is a random prefix and the index', () => {
  const [first, second] = [fleetSpec(OPTIONS).clientId, fleetSpec(OPTIONS).clientId]
  assert.match(first, /^weir_[0-9a-f]{8}_%i$/)
  assert.is.not(first, second)
  assert.is(fleetSpec({ ...OPTIONS, clientId: 'mine' }).clientId, 'mine')
})

test('--no-clean keeps a session for as long as -se says, and MQTT 5 without it for no time', () => {
  const group = (changes: Partial<ConnOptions>) => fleetSpec({ ...OPTIONS, ...changes }).groups[0]!
  assert.equal([group({ clean: false }).persistent, group({ clean: false }).sessionExpirySeconds], [true, 0])
  assert.is(group({ clean: false, sessionExpirySeconds: 60 }).sessionExpirySeconds, 60)
  assert.is(group({ sessionExpirySeconds: 60 }).persistent, false)
})

const REFUSED: [string, Partial<ConnOptions>][] = [
  ['--port', { port: 0 }],
  ['--keepalive', { keepAliveSeconds: 70_000 }],
  ['--count', { count: 0 }],
  ['--count', { count: Number.NaN }],
  ['--workers', { workers: -1 }],
  ['--duration', { durationSeconds: 0 }],
  ['--session-expiry-interval', { sessionExpirySeconds: -1 }],
  ['user name', { protocol: '3.1.1', password: 'p' }],
  ['session expiry', { protocol: '3.1.1', sessionExpirySeconds: 5 }],
]

for (const [name, changes] of REFUSED)
  test(`${JSON.stringify(changes)} is refused by name`, () => {
    assert.throws(
      () => fleetSpec({ ...OPTIONS, ...changes }),
      (error: unknown) =>
        error instanceof WeirError && error.code === 'WEIR_USAGE' && error.message.includes(name),
    )
  })

test.run()
