import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { subscriptionsOf } from '#weir/bench/command/subscriptions.ts'
import { refused } from './refused.ts'

test('QoS 0 and nothing else, unless said', () => {
  assert.equal(subscriptionsOf({ topic: ['a/%i', 'b/#'] }, '5'), [
    { topic: 'a/%i', qos: 0 },
    { topic: 'b/#', qos: 0 },
  ])
})

test('the k-th value belongs to the k-th topic; topics beyond take the first', () => {
  const flags = {
    topic: ['a', 'b', 'c'],
    qos: [1, 2],
    no_local: ['true', 'false', 'true'],
    'retain-as-published': [],
    'retain-handling': [2],
    'subscription-identifier': [7, 8, 9],
  }
  assert.equal(
    subscriptionsOf(flags, '5'),
    [
      { topic: 'a', qos: 1, noLocal: true, identifier: 7 },
      { topic: 'b', qos: 2, noLocal: false, identifier: 8 },
      { topic: 'c', qos: 1, noLocal: true, identifier: 9 },
    ].map((one) => ({ ...one, retainAsPublished: true, retainHandling: 2 as const })),
  )
})

test('what cannot be', () => {
  refused(() => subscriptionsOf({ topic: [] }, '5'), '--topic is missing')
  refused(() => subscriptionsOf({ topic: [''] }, '5'), 'empty')
  refused(() => subscriptionsOf({ topic: ['a/#/b'] }, '5'), 'a whole level')
  refused(() => subscriptionsOf({ topic: ['a'], qos: [1, 2] }, '5'), '2 values of qos for 1 topics')
  refused(() => subscriptionsOf({ topic: ['a'], qos: [3] }, '5'), '--qos')
  refused(() => subscriptionsOf({ topic: ['a'], 'retain-handling': [3] }, '5'), '--retain-handling')
  refused(
    () => subscriptionsOf({ topic: ['a'], 'subscription-identifier': [0] }, '5'),
    '--subscription-identifier',
  )
  refused(() => subscriptionsOf({ topic: ['a'], no_local: [] }, '3.1.1'), '--no_local needs MQTT 5')
})

test.run()
