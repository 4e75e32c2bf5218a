/** What a rebalance promises, on a small record: green on the honest one, red on what it must not do, open where nothing is known. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { viewOf } from '#weir/record/view/index.ts'
import { saysOf } from './honest-run.ts'
import { S } from './made-events.ts'
import { DONE, type MadeRebalance, madeRebalance } from './made-rebalance.ts'
import { parameters } from './made-run.ts'

const says = (changes: MadeRebalance = {}) => saysOf(madeRebalance(changes), 'balance')

test('the honest rebalance passes, with the count of every node', () => {
  const { outcome, sentence, figures } = says()
  assert.is(outcome, 'pass', sentence)
  assert.match(
    sentence,
    /ended with 20\.0 connections per donor and 10\.0 per recipient: blue-0=20 blue-1=10 blue-2=10/,
  )
  assert.equal([figures.donors, figures.recipients], [20, 10])
  const done: MadeRebalance = {
    phases: [
      [21 * S, 'Processing'],
      [DONE - S, 'Completed'],
    ],
  }
  assert.is(says(done).outcome, 'pass')
})

const dropped = { client: 3, kind: 'disconnected', reason: 'closed' } as const

/** [what, change, the words] */
const RED: [string, MadeRebalance, RegExp][] = [
  ['it ends too early', { ticks: 1 }, /unbalanced: 30\.0 connections per donor are left, 5\.0 per recipient/],
  [
    'a recipient loses a client',
    { moreClients: [{ t: 45 * S, ...dropped }] },
    /^1 client of nodes that were to give none lost their connection, the first on blue-2 at \+25\.0 s/,
  ],
  [
    'the operator gives it up while EMQX goes on',
    {
      phases: [
        [21 * S, 'Processing'],
        [28 * S, 'Failed', 'EMQX emqx is not ready'],
      ],
    },
    /^The operator called Rebalance r failed at \+8\.0 s .*\("EMQX emqx is not ready"\), while EMQX went on with it\. The rebalance ended with 20\.0/,
  ],
]

for (const [what, change, words] of RED)
  test(`fails when ${what}`, () => {
    const { outcome, sentence } = says(change)
    assert.is(outcome, 'fail', sentence)
    assert.match(sentence, words)
  })

/** [what, change, the words] */
const OPEN: [string, MadeRebalance, RegExp][] = [
  [
    'nothing had to move',
    { nothing: true },
    /nothing had to move: the nodes were within the thresholds already/,
  ],
  ['there was no rebalance', { rebalance: null }, /the record shows no rebalance/],
  ['the record ends before it does', { done: false }, /the record ends before the rebalance does/],
  [
    'it never ends after an operation that did',
    { done: false, moreEvents: [{ t: 20.5 * S, type: 'mark', name: 'operation-done' }] },
    /the record ends before the rebalance does/,
  ],
  ['the recipients are unknown', { rebalance: { recipients: [] } }, /which nodes were to receive clients/],
]

for (const [what, change, words] of OPEN)
  test(`is inconclusive when ${what}`, () => {
    const { outcome, sentence } = says(change)
    assert.is(outcome, 'inconclusive', sentence)
    assert.match(sentence, words)
  })

test('what operators up to 2.2.29 are known to do is named', () => {
  const change: MadeRebalance = {
    phases: [
      [21 * S, 'Processing'],
      [28 * S, 'Failed', 'EMQX emqx is not ready'],
    ],
  }
  const id = 'operator-2.2.0-2.2.29-rebalance-given-up'
  assert.is(says(change).deviation, id)
  assert.is(
    says({ ...change, phases: [[28 * S, 'Failed', 'Failed to get rebalance status: EOF']] }).deviation,
    undefined,
  )
  const later = { dialect: { ...parameters().dialect, operator: '2.3.0' } }
  assert.is(saysOf(madeRebalance({ ...change, parameters: later }), 'balance').deviation, undefined)
})

test('the rate is that of each donor, and its evictions begin after the wait for health checks', () => {
  const record = madeRebalance()
  assert.is(saysOf(record, 'eviction-envelope').outcome, 'pass')
  assert.is(saysOf(madeRebalance({ perTick: 40, ticks: 1 }), 'eviction-envelope').outcome, 'fail')
  assert.is(viewOf(record).moments.firstEviction, 25 * S)
  assert.is(viewOf(record).moments.changeDone, DONE)
  assert.is(saysOf(record, 'hops').outcome, 'pass')
})

test.run()
