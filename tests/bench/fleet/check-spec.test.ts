import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { checkSpec } from '#weir/bench/fleet/check-spec.ts'
import type { FleetSpec } from '#weir/bench/types.ts'
import { WeirError } from '#weir/errors/index.ts'
import { fleetSpec } from '../support/fleet-spec.ts'

const group = { name: 'g', share: 1, protocol: '5', persistent: true } as const
const group311 = { ...group, protocol: '3.1.1' } as const
const TABLE: [string, Partial<FleetSpec>][] = [
  ['clients', { clients: 0 }],
  ['clients', { clients: 1.5 }],
  ['clients', { clients: Number.NaN }],
  ['connectsInFlight', { connectsInFlight: 0 }],
  ['workers', { workers: -1 }],
  ['processes', { processes: -1 }],
  ['no target', { targets: [] }],
  ['target.port', { targets: [{ host: 'h', port: 65_536 }] }],
  ['keepAliveSeconds', { keepAliveSeconds: 65_536 }],
  ['connectTimeoutMs', { connectTimeoutMs: 0 }],
  ['connackTimeoutMs', { connackTimeoutMs: Number.POSITIVE_INFINITY }],
  ['clientId', { clientId: 'x'.repeat(65_536) }],
  ['password', { password: 'é'.repeat(40_000) }],
  ['sessionExpirySeconds of "g"', { groups: [{ ...group, sessionExpirySeconds: -1 }] }],
  ['subscribe.topic of "g"', { groups: [{ ...group, subscribe: [{ topic: 'x'.repeat(65_536), qos: 0 }] }] }],
  ['receiveMaximum of "g"', { groups: [{ ...group, connect: { receiveMaximum: 0 } }] }],
  ['maximumPacketSize of "g"', { groups: [{ ...group, connect: { maximumPacketSize: 2 ** 32 } }] }],
  ['topicAliasMaximum of "g"', { groups: [{ ...group, connect: { topicAliasMaximum: 65_536 } }] }],
  ['will.delaySeconds of "g"', { groups: [{ ...group, will: { topic: 't', qos: 0, delaySeconds: -1 } }] }],
  ['will\'s topic "a/+"', { groups: [{ ...group, will: { topic: 'a/+', qos: 0 } }] }],
  ['identifier of "g"', { groups: [{ ...group, subscribe: [{ topic: 't', qos: 0, identifier: 0 }] }] }],
  ['empty topic filter', { groups: [{ ...group, subscribe: [{ topic: '', qos: 0 }] }] }],
  ['noLocal', { groups: [{ ...group, subscribe: [{ topic: '$share/g/t', qos: 0, noLocal: true }] }] }],
  ['subscriptions of "g"', { groups: [{ ...group, subscribe: Array(256).fill({ topic: 't', qos: 0 }) }] }],
  ['connect.receiveMaximum needs MQTT 5', { groups: [{ ...group311, connect: { receiveMaximum: 1 } }] }],
  ['will.delaySeconds needs', { groups: [{ ...group311, will: { topic: 't', qos: 0, delaySeconds: 1 } }] }],
  ['identifier needs', { groups: [{ ...group311, subscribe: [{ topic: 't', qos: 0, identifier: 1 }] }] }],
  ['without an id', { clientId: '', groups: [group311] }],
  ['%c', { clientId: '', groups: [{ ...group, subscribe: [{ topic: 't/%c', qos: 0 }] }] }],
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
  const will = { topic: 'w/%{i+1}', qos: 1, delaySeconds: 0 } as const
  const subscribe = [{ topic: '$share/g/a/+', qos: 2, noLocal: false, retainHandling: 0 }] as const
  assert.not.throws(() => checkSpec(fleetSpec({ groups: [{ ...group, will, subscribe, connect: {} }] })))
  assert.not.throws(() => checkSpec(fleetSpec({ groups: [{ ...group311, will, subscribe, connect: {} }] })))
  assert.not.throws(() => checkSpec(fleetSpec({ clientId: '', groups: [group] })))
})

test.run()
