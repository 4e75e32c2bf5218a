import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { templatePayload } from '#weir/bench/traffic/template.ts'
import { refused } from '../command/refused.ts'

const OWNER = { index: 3, clientId: 'c"3', username: 'me', fleetClients: 5 }
const EPOCH_MS = Date.UTC(2026, 0, 2, 3, 4, 5, 678)
const IDENTITY = { tag: 1, anchorMicros: EPOCH_MS * 1000, otherFleets: false }

/** Message `sequence` as it is sent, planned `plannedMs` after the fleet's zero. */
function message(templates: string[], sequence: number, plannedMs = 0, seed = 1): string {
  const payload = templatePayload(templates, OWNER, seed, IDENTITY)
  const bytes = Buffer.alloc(payload.size(sequence) + 2, '|')
  payload.fill(bytes, 1, OWNER.index, sequence, plannedMs)
  assert.is(bytes.at(-1), '|'.charCodeAt(0), 'its size is what it writes')
  return bytes.toString('utf8', 1, bytes.length - 1)
}

test('counter, times, and the variables of topics', () => {
  assert.is(message(['%{counter} of %i/%{i+3}/%u, 5 % é'], 12), '12 of 3/1/me, 5 % é')
  assert.is(message(['é %{time}'], 1, 1000.9), `é ${EPOCH_MS + 1000}`)
  assert.is(message(['at %{isotime}!'], 1, 322), 'at 2026-01-02T03:04:06.000Z!')
  assert.is(message(['start'], 1), 'start')
})

test('templates come in turn', () => {
  assert.equal(
    [1, 2, 3].map((sequence) => message(['a%{counter}', 'b%{counter}'], sequence)),
    ['a1', 'b2', 'a3'],
  )
})

test('random values are in their range, differ from message to message, and are the same for a resend', () => {
  const template = ['%{random} %{random:5-7} %{hex:6} %{random:-3--1}']
  const all = Array.from({ length: 200 }, (_, i) => message(template, i + 1))
  for (const text of all) assert.match(text, /^0\.\d{6} [567] [0-9a-f]{6} -[123]$/)
  assert.is(new Set(all).size, 200)
  assert.equal(new Set(all.map((text) => text.split(' ')[1])).size, 3)
  assert.is(message(template, 7), all[6])
  assert.is.not(message(template, 7, 0, 2), all[6])
})

test('the value of a client id does not break JSON, and is taken by its letters elsewhere', () => {
  const json = message(['{"id": "%c", "n": %{counter}, "r": %{random:1-9}, "at": "%{isotime}"}'], 4)
  assert.equal({ ...JSON.parse(json), r: 0, at: '' }, { id: 'c"3', n: 4, r: 0, at: '' })
  assert.is(message(['id %c'], 1), 'id c"3')
})

for (const wrong of ['%{count}', '%{random:9-1}', '%{random:x}', '%{hex:0}', '%{hex:9999}', '%{time:1}'])
  test(`${wrong} is refused`, () => refused(() => message([`{ ${wrong} }`], 1), `${wrong} is not a variable`))

test.run()
