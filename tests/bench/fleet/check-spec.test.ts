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
  ['targets is empty', { targets: [] }],
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

const LONG = 'x'.repeat(65_536)
const publish = { topic: 't', qos: 0, everyMs: 1, payload: { kind: 'text', text: '' } } as const
for (const [flag, field, value] of [
  ['ct', 'contentType', LONG],
  ['rt', 'responseTopic', LONG],
  ['cd', 'correlationData', 'é'.repeat(40_000)],
  ['up', 'userProperties', { a: LONG }],
  ['up', 'userProperties', { [LONG]: 'a' }],
  ['up', 'userProperties', { a: ['b', LONG] }],
] as const) {
  const properties = { [field]: value }
  TABLE.push(
    [`publish.${field} of "g" (-${flag})`, { groups: [{ ...group, publish: { ...publish, properties } }] }],
    [
      `will.${field} of "g" (-W${flag})`,
      { groups: [{ ...group, will: { topic: 't', qos: 0, properties } }] },
    ],
  )
}
const userProperties = { a: LONG }
TABLE.push(
  ['connect.userProperties of "g" (-Cup', { groups: [{ ...group, connect: { userProperties } }] }],
  [
    'subscribe.userProperties of "g" (-up)',
    { groups: [{ ...group, subscribe: [{ topic: 't', qos: 0, userProperties }] }] },
  ],
)

/** Sound patterns, which the client id or the user name makes unsound. */
const OF_CLIENT: [string, Partial<FleetSpec>][] = [
  ['"a+%i" (-I)', { clientId: 'a+%i' }],
  ['"a#" (-I)', { clientId: 'a#' }],
  ['null character', { clientId: 'a\0%i' }],
]
const OF_USER: [string, Partial<FleetSpec>][] = [
  ['"#" (-u)', { username: '#' }],
  ['"a/+" (-u)', { username: 'a/+' }],
  ['has 80002 bytes', { username: 'x'.repeat(40_000) }],
]
for (const [topic, wrong] of [
  ['x/%c', OF_CLIENT],
  ['%u/%u/', OF_USER],
] as const)
  for (const [words, changes] of wrong)
    TABLE.push(
      [words, { ...changes, groups: [{ ...group, publish: { ...publish, topic } }] }],
      [words, { ...changes, groups: [{ ...group, will: { topic, qos: 0 } }] }],
      [words, { ...changes, groups: [{ ...group, subscribe: [{ topic, qos: 0 }] }] }],
    )
TABLE.push(['without a user name', { groups: [{ ...group, publish: { ...publish, topic: '%u' } }] }])

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
  const topic = 'x/%i' as const
  const odd = { clientId: 'a+%i', username: '#', groups: [{ ...group, publish: { ...publish, topic } }] }
  assert.not.throws(() => checkSpec(fleetSpec(odd)), 'no topic takes them in')
  const deep = { clientId: 'a/%i', groups: [{ ...group, publish: { ...publish, topic: 'x/%c' } }] }
  assert.not.throws(() => checkSpec(fleetSpec(deep)), 'levels of its own are no wildcards')
})

test.run()
