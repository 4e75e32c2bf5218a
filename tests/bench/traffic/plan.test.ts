import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { fleetTable } from '#weir/bench/fleet/fleet-table.ts'
import { hasTraffic, TrafficPlan } from '#weir/bench/traffic/plan.ts'
import type { GroupSpec } from '#weir/bench/types.ts'
import { fleetSpec } from '../support/fleet-spec.ts'
import { publisher, subscriber } from '../support/traffic-fleet.ts'

function plan(clients: number, groups: GroupSpec[]): TrafficPlan {
  const spec = fleetSpec({ clients, groups })
  return new TrafficPlan(spec, fleetTable(spec))
}

test('who should get what follows from topics and filters, with variables replaced', () => {
  const made = plan(4, [publisher({ topic: 'to/%{i+1}' }, { subscribe: [{ topic: 'to/%i', qos: 1 }] })])
  for (const { client, topic } of made.publishers) {
    const next = (client + 1) % 4
    assert.is(topic, `to/${next}`)
    assert.equal([...made.subscribersOf(topic, client).plain], [[next, { qos: 1, subscriptions: 1 }]])
  }
})

test('several subscriptions of one client that match count once, with the highest QoS', () => {
  const subscribe = [
    { topic: 't/+', qos: 0 },
    { topic: '#', qos: 2 },
  ] as const
  const made = plan(2, [publisher({ topic: 't/1' }), subscriber('', 0, { subscribe })])
  assert.equal([...made.subscribersOf('t/1', 0).plain], [[1, { qos: 2, subscriptions: 2 }]])
})

test('no local: nobody is owed what it published itself', () => {
  const subscribe = [{ topic: 't/#', qos: 1, noLocal: true }] as const
  const made = plan(2, [publisher({}, { subscribe })])
  assert.equal([...made.subscribersOf('t/0', 0).plain.keys()], [1])
})

test('a shared subscription is one, of all its members', () => {
  const made = plan(4, [publisher({ topic: 't/x' }), subscriber('$share/g/t/+', 1)])
  const { plain, shares } = made.subscribersOf('t/x', 0)
  assert.is(plain.size, 0)
  assert.equal(shares, [{ subscription: '$share/g/t/+', qos: 1, members: [1, 3] }])
})

test('a message that a client could get by two subscriptions of which one is shared is refused: nobody could tell by which', () => {
  const twice = (topics: string[]) =>
    plan(2, [
      publisher({ topic: 't/1' }),
      subscriber('', 1, { subscribe: topics.map((topic) => ({ topic, qos: 1 })) }),
    ])
  for (const topics of [
    ['$share/g/t/1', 't/+'],
    ['$share/g/t/1', '$share/h/#'],
  ])
    assert.throws(() => twice(topics).check(), /cannot tell them apart/)
  twice(['$share/g/t/1', 'u/+']).check()
  twice(['t/1', 't/+']).check()
})

test('a fleet has traffic when anybody subscribes, publishes or leaves a will', () => {
  const bare = { name: 'a', share: 1, protocol: '5', persistent: false } as const
  assert.is(hasTraffic([bare]), false)
  assert.is(hasTraffic([bare, publisher()]), true)
  assert.is(hasTraffic([bare, subscriber()]), true)
  assert.is(hasTraffic([{ ...bare, will: { topic: 'w', qos: 0 } }]), true)
})

test.run()
