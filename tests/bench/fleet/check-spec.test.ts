import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { checkSpec } from '#weir/bench/fleet/check-spec.ts'
import type { FleetSpec } from '#weir/bench/types.ts'
import { WeirError } from '#weir/errors/index.ts'
import { fleetSpec } from '../support/fleet-spec.ts'

const group = { name: 'g', share: 1, protocol: '5', persistent: true } as const
const TABLE: [string, Partial<FleetSpec>][] = [
  ['clients', { clients: 0 }],
  ['clients', { clients: 1.5 }],
  ['clients', { clients: Number.NaN }],
  ['connectsInFlight', { connectsInFlight: 0 }],
  ['workers', { workers: -1 }],
  ['target.port', { targets: [{ host: 'h', port: 65_536 }] }],
  ['keepAliveSeconds', { keepAliveSeconds: 65_536 }],
  ['connectTimeoutMs', { connectTimeoutMs: 0 }],
  ['connackTimeoutMs', { connackTimeoutMs: Number.POSITIVE_INFINITY }],
  ['clientId', { clientId: 'x'.repeat(65_536) }],
  ['password', { password: 'é'.repeat(40_000) }],
  ['sessionExpirySeconds of "g"', { groups: [{ ...group, sessionExpirySeconds: -1 }] }],
  ['subscribe.topic of "g"', { groups: [{ ...group, subscribe: [{ topic: 'x'.repeat(65_536), qos: 0 }] }] }],
]

for (const [name, changes] of TABLE)
  test(`${JSON.stringify(changes).slice(0, 60)} is refused by name`, () => {
    assert.throws(
      () => checkSpec(fleetSpec(changes)),
      (error: unknown) =>
        error instanceof WeirError && error.code === 'WEIR_USAGE' && error.message.includes(name),
    )
  })

test('a sound fleet passes', () => {
  assert.not.throws(() => checkSpec(fleetSpec()))
})

test.run()
