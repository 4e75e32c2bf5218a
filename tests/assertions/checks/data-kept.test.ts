/** What EMQX keeps for clients that are not connected: green when all of it is found, red when some is lost, open when nobody knows. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { RecordEvent, StoredDataEvent } from '#weir/facts/index.ts'
import { saysOf } from './honest-run.ts'
import { S } from './made-events.ts'
import { madeResize, type Operation, TRIGGER } from './made-operations.ts'

const all = { retained: 20, sessions: 2, queued: 10 }

const event = (phase: StoredDataEvent['phase'], t: number, changes: Partial<StoredDataEvent> = {}) =>
  ({ t, type: 'stored-data', phase, ...all, complete: true, ...changes }) satisfies RecordEvent
const stored = (changes: Partial<StoredDataEvent> = {}) => event('stored', 10 * S, changes)
const found = (changes: Partial<StoredDataEvent> = {}) => event('found', 58 * S, changes)

const says = (moreEvents: RecordEvent[], more: Operation = {}, bounds?: Record<string, number>) =>
  saysOf(madeResize({ ...more, moreEvents }), 'data-kept', bounds)

test('all that was stored is found', () => {
  const { outcome, sentence, measured } = says([stored(), found()])
  assert.is(outcome, 'pass', sentence)
  assert.is(measured, '20 of 20 retained, 2 of 2 sessions, 10 of 10 queued')
})

/** [what, what is found, the words] */
const LOST: [string, Partial<StoredDataEvent>, RegExp][] = [
  [
    'retained messages',
    { retained: 15, missing: ['weir/stored/a/retained/3'] },
    /^After the change 5 of 20 retained messages were lost, weir\/stored\/a\/retained\/3 among them\.$/,
  ],
  [
    'one retained message',
    { retained: 19, missing: ['weir/stored/a/retained/3'] },
    /^After the change 1 of 20 retained messages was lost: weir\/stored\/a\/retained\/3\.$/,
  ],
  ['a queue', { queued: 5 }, /^After the change 5 of 10 messages that waited for them were lost\.$/],
  [
    'a session and its queue',
    { sessions: 1, queued: 5 },
    /1 of 2 sessions of clients that were away and 5 of 10 messages/,
  ],
]
for (const [what, changes, words] of LOST)
  test(`${what} lost: it fails`, () => {
    const { outcome, sentence } = says([stored(), found(changes)])
    assert.is(outcome, 'fail', sentence)
    assert.match(sentence, words)
  })

test('of what was not stored nothing is said', () => {
  const retainedOnly = { sessions: 0, queued: 0 }
  const kept = says([stored(retainedOnly), found(retainedOnly)])
  assert.is(kept.measured, '20 of 20 retained')
  assert.is(kept.sentence, '20 retained messages were still there after the change.')
  const noQueues = says([stored({ queued: 0 }), found({ queued: 0 })])
  assert.is(noQueues.measured, '20 of 20 retained, 2 of 2 sessions')
  assert.match(noQueues.sentence, /^20 retained messages and 2 sessions of clients that were away were/)
  const one = { ...retainedOnly, retained: 1 }
  assert.is(says([stored(one), found(one)]).sentence, '1 retained message was still there after the change.')
})

test('what a bound allows to be lost is told', () => {
  const { outcome, sentence } = says([stored(), found({ retained: 19 })], {}, { lost: 1 })
  assert.is(outcome, 'pass', sentence)
  assert.match(sentence, /but for 1 that may be lost/)
})

/** [what, events, the words] */
const OPEN: [string, RecordEvent[], RegExp][] = [
  ['a record without it', [], /was given nothing to keep/],
  [
    'nothing to keep',
    [stored({ retained: 0, sessions: 0, queued: 0 }), found()],
    /was given nothing to keep/,
  ],
  ['stored only after the change', [event('stored', TRIGGER + S), found()], /was given nothing to keep/],
  [
    'an EMQX that refused it',
    [stored({ complete: false, error: 'Not authorized' })],
    /did not take .* Not authorized/,
  ],
  ['nobody asked', [stored()], /ends before EMQX was asked/],
  ['asked only before the change', [stored(), event('found', 15 * S)], /ends before EMQX was asked/],
  [
    'an EMQX that did not answer',
    [stored(), found({ retained: 0, sessions: 0, queued: 0, complete: false, error: 'closed' })],
    /could not be asked .* closed/,
  ],
]
for (const [what, events, words] of OPEN)
  test(`${what}: it is open`, () => {
    const { outcome, sentence } = says(events)
    assert.is(outcome, 'inconclusive', sentence)
    assert.match(sentence, words)
  })

test.run()
