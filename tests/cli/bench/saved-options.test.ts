import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { optionsOf } from '#weir/bench/command/options.ts'
import type { Given } from '#weir/cli/bench/parse.ts'
import { loadSaved, saveGiven } from '#weir/cli/bench/saved-options.ts'
import { refused } from '../../bench/command/refused.ts'

const folder = mkdtempSync(join(tmpdir(), 'weir-saved-'))
test.after(() => rmSync(folder, { recursive: true, force: true }))
const path = (name: string) => join(folder, name)

const pub = (given: Given) => loadSaved('pub', given, optionsOf.pub)
const load = (name: string, given: Given = {}) => {
  const { 'load-options': _, ...rest } = pub({ ...given, 'load-options': path(name) })
  return rest
}

for (const name of ['saved.json', 'saved.yaml'])
  test(`what was given is saved in ${name} and comes back, but for secrets`, () => {
    const given = {
      topic: 't/%i',
      count: 5,
      clean: false,
      retain: true,
      message: '-starts with a dash',
      'user-properties': ['a: 1', 'b: 2'],
    }
    const secrets = { password: 'hunter2', 'ws-headers': ['X-Session: hunter2', 'X-Plain: hunter2'] }
    const notes = saveGiven('pub', { ...given, ...secrets, 'save-options': path(name) })
    assert.match(notes.join('\n'), '--password is not saved')
    assert.match(notes.join('\n'), '--ws-headers is not saved')
    assert.not.match(readFileSync(path(name), 'utf8'), 'hunter2')
    assert.is(statSync(path(name)).mode & 0o777, 0o600)
    assert.equal(load(name), given)
  })

test('user properties under the name of a secret are not saved; the others are', () => {
  const notes = saveGiven('pub', {
    topic: 't',
    'user-properties': ['authorization: Bearer hunter2', 'a: 1', 'api-key:hunter2'],
    'conn-user-properties': ['token: hunter2'],
    'will-user-properties': ['MyPassword: hunter2', 'b: 2'],
    'save-options': path('properties.json'),
  })
  assert.not.match(readFileSync(path('properties.json'), 'utf8'), 'hunter2')
  assert.not.match(notes.join('\n'), 'hunter2')
  assert.match(notes.join('\n'), '--user-properties is not saved for authorization, api-key')
  assert.match(notes.join('\n'), '--conn-user-properties is not saved for token')
  assert.match(notes.join('\n'), '--will-user-properties is not saved for MyPassword')
  assert.equal(load('properties.json'), {
    topic: 't',
    'user-properties': ['a: 1'],
    'will-user-properties': ['b: 2'],
  })
})

test('what is given goes before what is saved', () => {
  saveGiven('pub', {
    topic: 'saved',
    count: 5,
    'user-properties': ['a: 1'],
    'save-options': path('both.json'),
  })
  assert.equal(load('both.json', { topic: 'given', 'user-properties': ['b: 2'] }), {
    topic: 'given',
    count: 5,
    'user-properties': ['b: 2'],
  })
})

test('what is given takes the place of what it excludes', () => {
  saveGiven('pub', {
    topic: 't',
    interval: 5,
    'reconnect-period': 7,
    'maximum-reconnect-times': 3,
    message: 'm',
    'save-options': path('rivals.json'),
  })
  assert.equal(load('rivals.json', { schedule: 'spike', reconnect: 'emqtt', 'payload-size': '1KB' }), {
    topic: 't',
    schedule: 'spike',
    reconnect: 'emqtt',
    'payload-size': '1KB',
  })
  assert.equal(load('rivals.json', { 'reconnect-period': 8 })['maximum-reconnect-times'], 3)
})

test('--verify that is given takes the place of a saved message, and the other way round', () => {
  const save = (given: object) =>
    saveGiven('pub', { topic: 't', ...given, 'save-options': path('verify.json') })
  save({ message: 'm' })
  assert.equal(load('verify.json', { verify: true }), { topic: 't', verify: true })
  assert.equal(load('verify.json', { verify: false }), { topic: 't', message: 'm', verify: false })
  save({ 'file-read': 'f.txt' })
  assert.equal(load('verify.json', { verify: true }), { topic: 't', verify: true })
  save({ verify: true, verbose: true })
  assert.equal(load('verify.json', { message: 'm' }), { topic: 't', message: 'm', verbose: true })
  assert.equal(load('verify.json', { json: true }), { topic: 't', verify: true, json: true })
})

test('a file keeps what it holds for other commands, and becomes private', () => {
  writeFileSync(path('shared.json'), JSON.stringify({ benchConn: { count: 7 } }), { mode: 0o644 })
  saveGiven('pub', { topic: 't', 'save-options': path('shared.json') })
  assert.equal(JSON.parse(readFileSync(path('shared.json'), 'utf8')), {
    benchConn: { count: 7 },
    benchPub: { topic: 't' },
  })
  assert.is(statSync(path('shared.json')).mode & 0o777, 0o600)
})

test('a file that MQTTX saved', () => {
  const benchPub = {
    count: 10,
    mqttVersion: 4,
    clean: true,
    connUserProperties: { a: ['1', '2'], b: '3' },
    willTopic: 'w',
    reqProblemInfo: true,
    reconnectPeriod: 0,
    maximumReconnectTimes: 10,
    username: null,
    path: '/mqtt',
    message: 'Hello From MQTTX CLI',
    payloadSize: '1KB',
    limit: 0,
    verbose: false,
  }
  writeFileSync(path('mqttx.json'), JSON.stringify({ benchPub }))
  assert.equal(load('mqttx.json'), {
    count: 10,
    'mqtt-version': '3.1.1',
    clean: true,
    'conn-user-properties': ['a: 1', 'a: 2', 'b: 3'],
    'will-topic': 'w',
    'reconnect-period': 0,
    'payload-size': '1KB',
    limit: 0,
    verbose: false,
  })
})

test('files that cannot be, each in a line that names the file', () => {
  writeFileSync(path('no.json'), '{')
  writeFileSync(path('list.json'), '[]')
  writeFileSync(path('other.json'), '{"benchSub": {"topic": ["t"]}}')
  writeFileSync(path('unknown.json'), '{"benchPub": {"cuont": 5}}')
  writeFileSync(path('number.json'), '{"benchPub": {"count": "many"}}')
  refused(() => load('missing.json'), 'missing.json does not exist')
  refused(() => load('no.json'), 'no.json cannot be read')
  refused(() => load('list.json'), 'must contain an object')
  refused(() => load('other.json'), 'no flags for bench pub')
  refused(() => load('unknown.json'), 'unknown.json: there is no flag')
  refused(() => load('number.json'), '--count takes a number')
})

test('nothing is saved or loaded unasked', () => {
  assert.equal(saveGiven('pub', { topic: 't' }), [])
  assert.equal(pub({ topic: 't' }), { topic: 't' })
})

test.run()
