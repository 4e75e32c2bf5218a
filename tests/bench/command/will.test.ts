import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { willOf } from '#weir/bench/command/will.ts'
import { refused } from './refused.ts'

test('no topic, no will', () => {
  assert.is(willOf({}, '5'), undefined)
})

test('a topic alone: an empty message of QoS 0', () => {
  assert.equal(willOf({ 'will-topic': 'w/%i' }, '3.1.1'), { topic: 'w/%i', message: '', qos: 0 })
})

test('everything that a will can say', () => {
  const flags = {
    'will-topic': 'w',
    'will-message': 'gone',
    'will-qos': 2,
    'will-retain': true,
    'will-delay-interval': 5,
    'will-payload-format-indicator': true,
    'will-message-expiry-interval': 60,
    'will-content-type': 'text/plain',
    'will-response-topic': 'r',
    'will-correlation-data': 'c',
    'will-user-properties': ['a: 1'],
  }
  assert.equal(willOf(flags, '5'), {
    topic: 'w',
    message: 'gone',
    qos: 2,
    retain: true,
    delaySeconds: 5,
    properties: {
      payloadFormatIndicator: 1,
      messageExpirySeconds: 60,
      contentType: 'text/plain',
      responseTopic: 'r',
      correlationData: 'c',
      userProperties: { a: ['1'] },
    },
  })
  refused(() => willOf(flags, '3.1.1'), '--will-delay-interval needs MQTT 5')
})

test.run()
