import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Evacuation } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { changed, honestRun, S, saysOf, withEvents } from './honest-run.ts'

const base = honestRun()
const says = (record: RunRecord) => saysOf(record, 'status-shape')
const each = (change: (one: Evacuation) => Evacuation, who: 'cr' | 'evacuation') =>
  changed(base, (event) =>
    event.type === who ? { ...event, evacuations: event.evacuations.map(change) } : event,
  )

test('the honest run is described as it was asked for', () => assert.is(says(base).outcome, 'pass'))

const WRONG: [string, (one: Evacuation) => Evacuation, RegExp][] = [
  [
    'another rate',
    (one) => ({ ...one, connectionEvictionRate: 11 }),
    /connection eviction rate is 11, but 10 was requested/,
  ],
  ['another session rate', (one) => ({ ...one, sessionEvictionRate: 1 }), /session eviction rate is 1/],
  ['half of the new set', (one) => ({ ...one, recipients: one.recipients.slice(1) }), /1 of the 2 new nodes/],
  [
    'an old node as recipient',
    (one) => ({ ...one, recipients: [...one.recipients, one.node] }),
    /not to the new set/,
  ],
  [
    'more than at the start',
    (one) => ({ ...one, currentConnected: one.initialConnected + 1 }),
    /of \d+ at the start|prohibiting/,
  ],
  [
    'done with somebody left',
    (one) => (one.state === 'prohibiting' ? { ...one, currentSessions: 3 } : one),
    /prohibiting.* 3 sessions left/,
  ],
  [
    'a node of the new set',
    (one) => ({ ...one, node: one.recipients[0]! }),
    /a node of the new set is evacuated/,
  ],
]

for (const [what, change, words] of WRONG)
  test(`${what} fails, whoever says so`, () => {
    for (const who of ['cr', 'evacuation'] as const) {
      if (what.startsWith('done') && who === 'cr') continue
      const { outcome, sentence } = says(each(change, who))
      assert.is(outcome, 'fail', `${who}: ${sentence}`)
      assert.match(sentence, words)
    }
  })

test('counts that go up fail', () => {
  let seen = 0
  const { outcome, sentence } = says(
    each((one) => (++seen === 6 ? { ...one, currentConnected: one.initialConnected } : one), 'evacuation'),
  )
  assert.is(outcome, 'fail')
  assert.match(sentence, /went up from \d+ to \d+/)
})

test('an initial count that the clients do not confirm fails', () => {
  const { outcome, sentence } = says(
    each((one) => ({ ...one, initialConnected: one.initialConnected + 33 }), 'evacuation'),
  )
  assert.is(outcome, 'fail')
  assert.match(sentence, /clients were connected to it/)
})

test('no account of an evacuation, nothing to judge; an operator too slow to show one is no failure', () => {
  assert.is(
    says(
      changed(base, (event) =>
        event.type === 'cr' || event.type === 'evacuation' ? { ...event, evacuations: [] } : event,
      ),
    ).outcome,
    'inconclusive',
  )
  assert.is(
    says(changed(base, (event) => (event.type === 'cr' ? { ...event, evacuations: [] } : event))).outcome,
    'pass',
  )
})

test('the first count may be that of any instant since the last answer without it', () => {
  const first = base.events.find((event) => event.type === 'evacuation' && event.evacuations.length > 0)!.t
  const empty = withEvents(base, { t: 1, type: 'evacuation', tookNs: 0, via: '', evacuations: [] })
  const silent = changed(empty, (event) =>
    event.type === 'evacuation' && event.t > 1 && event.t < first + 3 * S ? undefined : event,
  )
  const { outcome, sentence } = says(silent)
  assert.is(outcome, 'pass', sentence)
})

test.run()
