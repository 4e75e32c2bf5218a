import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { publishOf } from '#weir/bench/command/publish.ts'
import { refused } from './refused.ts'

const folder = mkdtempSync(join(tmpdir(), 'weir-publish-'))
test.after(() => rmSync(folder, { recursive: true, force: true }))

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

test('a message a second of QoS 0 without an end, unless said', () => {
  assert.equal(publishOf({ topic: 't' }, '5', 10), {
    topic: 't',
    qos: 0,
    everyMs: 1000,
    payload: { kind: 'text', text: 'Hello From weir' },
  })
})

test('everything that a PUBLISH can say', () => {
  const flags = {
    topic: 't/%i',
    qos: 1,
    'message-interval': 20,
    window: 7,
    limit: 100,
    message: '',
    retain: true,
    dup: true,
    'payload-format-indicator': true,
    'message-expiry-interval': 60,
    'topic-alias': 3,
    'response-topic': 'r',
    'correlation-data': 'c',
    'subscription-identifier': 4,
    'content-type': 'text/plain',
    'user-properties': ['a: 1'],
  }
  assert.equal(publishOf(flags, '5', 10), {
    topic: 't/%i',
    qos: 1,
    everyMs: 20,
    inFlight: 7,
    limit: 100,
    payload: { kind: 'text', text: '' },
    retain: true,
    duplicateFlag: true,
    topicAlias: 3,
    subscriptionIdentifier: 4,
    properties: {
      payloadFormatIndicator: 1,
      messageExpirySeconds: 60,
      contentType: 'text/plain',
      responseTopic: 'r',
      correlationData: 'c',
      userProperties: { a: ['1'] },
    },
  })
})

test('random payloads of a size, and messages that can be accounted for', () => {
  const payload = (flags: object) => publishOf({ topic: 't', ...flags }, '5', 1).payload
  assert.equal(payload({ 'payload-size': '1.5KB' }), { kind: 'random', bytes: 1536 })
  assert.equal(payload({ 'payload-size': '0' }), { kind: 'random', bytes: 0 })
  assert.equal(payload({ verify: true }), { kind: 'ledger', bytes: 20 })
  assert.equal(payload({ verify: true, 'payload-size': '64b' }), { kind: 'ledger', bytes: 64 })
  refused(() => payload({ 'payload-size': '1 stone' }), 'is not a size')
  refused(() => payload({ 'payload-size': '1GB' }), 'MQTT allows')
})

test('a file as one message, or piece by piece, once through for every client', () => {
  const path = file('lines.txt', 'one\ntwo\nthree\n')
  assert.equal(publishOf({ topic: 't', 'file-read': path }, '5', 10).payload, {
    kind: 'text',
    text: 'one\ntwo\nthree\n',
  })
  const split = publishOf({ topic: 't', 'file-read': path, split: '' }, '5', 10)
  assert.equal(split.payload, { kind: 'lines', lines: ['one', 'two', 'three'] })
  assert.is(split.limit, 30)
  assert.is(publishOf({ topic: 't', 'file-read': path, split: '', limit: 5 }, '5', 10).limit, 5)
  assert.equal(publishOf({ topic: 't', 'file-read': file('c.txt', 'a,b'), split: ',' }, '5', 1).payload, {
    kind: 'lines',
    lines: ['a', 'b'],
  })
})

test('files that cannot be', () => {
  refused(() => publishOf({ topic: 't', 'file-read': folder }, '5', 1), 'cannot be read')
  refused(() => publishOf({ topic: 't', 'file-read': file('empty', ''), split: '' }, '5', 1), 'is empty')
  refused(
    () => publishOf({ topic: 't', 'file-read': file('bytes', Buffer.from([0xff, 0xfe])) }, '5', 1),
    'not UTF-8',
  )
})

test('what only MQTT 5 has', () => {
  refused(() => publishOf({ topic: 't', 'topic-alias': 1 }, '3.1.1', 1), '--topic-alias needs MQTT 5')
})

test.run()
