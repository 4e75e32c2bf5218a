/** What the ledger found, held to what each quality of service promises. */

import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { judge } from '#weir/assertions/index.ts'
import type { Receipt } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { receiptOf } from '../../support/messages.ts'
import { S } from './made-events.ts'
import { connect, END_T, evict, LISTENER, type SmallTalk, SPEAKER, smallTalk } from './small-talk.ts'

const judged = (record: RunRecord, bounds = {}) =>
  judge(record, { asserts: [{ id: 'messages', bounds }] }).findings[0]!
const says = (changes: SmallTalk) => judged(smallTalk(changes))

/** The listener is evicted at 100 s and back a second later. */
const MOVED: SmallTalk = { listener: [evict(LISTENER, 100 * S), ...connect(LISTENER, 101 * S)] }
const twice = (...seconds: number[]) => ({
  qos: 2 as const,
  duplicated: seconds.length,
  duplicateT: seconds.map((t) => t * S),
})

const EXPECTED: [what: string, changes: SmallTalk, outcome: string, sentence: RegExp][] = [
  ['all arrives', {}, 'pass', /^50 messages arrived of 50 sent, and none is missing\.$/],
  [
    'one of QoS 1 is lost',
    { receipt: { lost: 2, lostSequences: [4, 9] } },
    'fail',
    /^2 acknowledged messages of 50 never reached 1 subscriber.*: 2 from speaker to listener \(numbers 4, 9\)\.$/,
  ],
  ['one of QoS 2 is lost', { receipt: { qos: 2, lost: 1 } }, 'fail', /1 acknowledged message of 50/],
  ['QoS 0 is lost', { receipt: { qos: 0, lost: 3 } }, 'pass', /3 of QoS 0 were lost, as QoS 0 allows/],
  ['nobody had promised it', { receipt: { missed: 3 } }, 'pass', /3 had no subscriber with a session/],
  ['QoS 1 comes again', { receipt: { duplicated: 2, redelivered: 2 } }, 'pass', /2 were redelivered/],
  [
    'QoS 1 comes again unasked',
    { receipt: { duplicated: 2 } },
    'pass',
    /2 of QoS 1 arrived again, as QoS 1 allows/,
  ],
  [
    'QoS 2 comes twice',
    { receipt: twice(90) },
    'fail',
    /^1 message of QoS 2 arrived more than once at 1 subscriber, one from speaker to listener at \+70\.0 s/,
  ],
  [
    'QoS 2 at a takeover',
    { ...MOVED, receipt: twice(101.5) },
    'pass',
    /1 arrived twice or out of order at a takeover/,
  ],
  [
    'QoS 2 at a takeover that removes doubles',
    { ...MOVED, takeoverMayDuplicate: false, receipt: twice(101.5) },
    'fail',
    /arrived more than once/,
  ],
  ['QoS 2 before a takeover', { ...MOVED, receipt: twice(99) }, 'fail', /arrived more than once/],
  ['QoS 2 long after a takeover', { ...MOVED, receipt: twice(101.5, 107) }, 'fail', /at \+87\.0 s/],
  [
    'QoS 2 more often than a takeover could double',
    { ...MOVED, receipt: twice(101.1, 101.2, 101.3, 101.4) },
    'fail',
    /^4 messages of QoS 2/,
  ],
  [
    'one overtakes another',
    { receipt: { reordered: 1, reorderedT: [60 * S] } },
    'fail',
    /^1 message arrived after a later one of the same publisher and topic at 1 subscriber/,
  ],
  [
    'one overtakes another at a takeover of the subscriber',
    { ...MOVED, takeoverMayDuplicate: false, receipt: { reordered: 1, reorderedT: [102 * S] } },
    'pass',
    /at a takeover/,
  ],
  [
    'one overtakes another where the publisher has just moved',
    { receipt: { reordered: 1, reorderedT: [43 * S] } },
    'pass',
    /at a takeover/,
  ],
  [
    'of more than memory holds',
    { receipt: { overflow: true, lost: 3 } },
    'inconclusive',
    /too many messages/,
  ],
  [
    'what the members of a shared subscription did not get',
    { receipt: { share: '$share/g/x', lost: 7, lostSequences: [3] } },
    'fail',
    /^7 acknowledged messages of 50 never reached 1 subscriber.*: 7 from speaker to the members of \$share\/g\/x/,
  ],
  [
    'a shared subscription gets all, some of it twice and late',
    { receipt: { share: '$share/g/x', qos: 2, duplicated: 2, reordered: 2, reorderedT: [60 * S] } },
    'pass',
    /only losses are judged for 1 pair of publisher and shared subscription/,
  ],
  [
    'a shared subscription of more than memory holds',
    { receipt: { share: '$share/g/x', overflow: true, lost: 3 } },
    'inconclusive',
    /too many messages/,
  ],
  [
    'the end came too soon for a shared subscription',
    { receipt: { share: '$share/g/x', lost: 2 }, account: { settled: false, endedT: END_T - S } },
    'inconclusive',
    /2 messages had not arrived when the run ended/,
  ],
  [
    'the subscriber is away at the end',
    { listener: [evict(LISTENER, 100 * S)], receipt: { lost: 9 } },
    'pass',
    /9 wait for clients that were offline at the end/,
  ],
  [
    'the end came too soon',
    { account: { settled: false, endedT: END_T - S }, receipt: { lost: 1 } },
    'inconclusive',
    /1 message had not arrived when the run ended/,
  ],
  [
    'messages were in flight when the fleet left, long after publishing had ended',
    { account: { settled: false }, receipt: { lost: 1 } },
    'inconclusive',
    /1 message had not arrived when the run ended/,
  ],
  [
    'an account that is not settled still shows a copy too many',
    { account: { settled: false }, receipt: { qos: 2, duplicated: 1 } },
    'fail',
    /of QoS 2 arrived more than once/,
  ],
  ['nobody listens', { account: { publishers: [] } }, 'inconclusive', /messages/],
  [
    'the account breaks off',
    { account: { complete: false } },
    'inconclusive',
    /messages\.ndjson is truncated/,
  ],
]

for (const [what, changes, outcome, sentence] of EXPECTED)
  test(`${what}: ${outcome}`, () => {
    const finding = says(changes)
    assert.is(finding.outcome, outcome, finding.sentence)
    assert.match(finding.sentence, sentence)
    if (outcome === 'inconclusive') assert.ok(finding.settle)
  })

test('a fleet that publishes nothing, and a record of an older weir, leave it open and say why', () => {
  const { messages: _, ...older } = smallTalk()
  assert.match(judged(older).sentence, /has no messages\.ndjson/)
  const groups = older.fleet.groups.map(({ publishes: _, ...group }) => group)
  assert.match(
    judged({ ...older, fleet: { ...older.fleet, groups } }).sentence,
    /the fleet has no publishers/,
  )
})

test('without parameters, which the run did not get to, it is said that the account is missing', () => {
  const { messages: _, ...record } = smallTalk()
  const { parameters: _none, ...manifest } = record.manifest
  const finding = judged({ ...record, manifest })
  assert.is(finding.outcome, 'inconclusive')
  assert.match(finding.sentence, /has no messages\.ndjson/)
})

test('publishers of other fleets, order within a share and stray messages are told, not judged', () => {
  const record = smallTalk()
  const messages = record.messages!
  const [own] = messages.publishers
  const wrong = receiptOf(LISTENER, { received: 50, lost: 5, reordered: 2 })
  const withAll: RunRecord = {
    ...record,
    messages: {
      ...messages,
      publishers: [
        {
          ...own!,
          receipts: [
            ...own!.receipts,
            { ...wrong, lost: 0, share: '$share/g/x' },
            { ...wrong, unexpected: true },
          ],
        },
        { ...own!, fleet: '00beef', receipts: [wrong] },
      ],
    },
  }
  const finding = judged(withAll)
  assert.is(finding.outcome, 'pass', finding.sentence)
  assert.is(finding.figures.shared, 1)
  assert.match(finding.sentence, /50 arrived at clients that had not subscribed/)
})

test('rows of clients that are missing may be what explains it', () => {
  const record = smallTalk({ ...MOVED, receipt: twice(101.5) })
  const torn = smallTalk({ listener: [evict(LISTENER, 100 * S)], receipt: twice(101.5) })
  const attempt = smallTalk({
    listener: [evict(LISTENER, 100 * S), { t: 101 * S, client: LISTENER, kind: 'attempt' }],
    receipt: twice(101.5),
  })
  assert.is(judged(record).outcome, 'pass')
  assert.is(judged(torn).outcome, 'inconclusive')
  assert.is(judged(attempt).outcome, 'inconclusive')
})

/** As the definition reads: every copy that came late or again is looked for among the moves, one by one. */
function reference(
  receipt: Receipt,
  moves: Record<'speaker' | 'listener', number[]>,
  mayDouble: boolean,
): string {
  const near = (of: number[], t: number) => of.some((moved) => moved <= t && t <= moved + 5 * S)
  if (receipt.lost > 0 && receipt.qos > 0) return 'fail'
  if (receipt.qos === 2)
    for (const t of receipt.duplicateT ?? []) {
      if (!mayDouble || !near(moves.listener, t)) return 'fail'
      // Published every 3 s, so no more than three are due within five seconds of a takeover, both ends included.
      if (receipt.duplicated > 3 * moves.listener.length) return 'fail'
    }
  for (const t of receipt.reorderedT ?? [])
    if (!near(moves.listener, t) && !near(moves.speaker, t)) return 'fail'
  return 'pass'
}

test('random accounts are judged as the definition reads', () => {
  const times = fc.array(fc.integer({ min: 12, max: 189 }), { maxLength: 4 })
  const moves = fc.uniqueArray(fc.integer({ min: 21, max: 170 }), {
    maxLength: 3,
    selector: (t) => Math.floor(t / 4),
  })
  fc.assert(
    fc.property(
      fc.constantFrom(0, 1, 2) as fc.Arbitrary<0 | 1 | 2>,
      fc.constantFrom(0, 0, 0, 1),
      times,
      times,
      moves,
      moves,
      fc.boolean(),
      (qos, lost, again, late, ofSpeaker, ofListener, mayDouble) => {
        const receipt = receiptOf(LISTENER, {
          qos,
          received: 50,
          lost,
          duplicated: again.length,
          duplicateT: again.map((t) => t * S),
          reordered: late.length,
          reorderedT: late.map((t) => t * S),
        })
        const rows = (client: number, at: number[]) =>
          [...at]
            .sort((a, b) => a - b)
            .flatMap((t) => [evict(client, (t - 1) * S), ...connect(client, t * S)])
        const record = smallTalk({
          receipt,
          speaker: rows(SPEAKER, ofSpeaker),
          listener: rows(LISTENER, ofListener),
          takeoverMayDuplicate: mayDouble,
        })
        const at = { speaker: ofSpeaker.map((t) => t * S), listener: ofListener.map((t) => t * S) }
        const finding = judged(record)
        assert.is(finding.outcome, reference(receipt, at, mayDouble), finding.sentence)
      },
    ),
    { numRuns: 400 },
  )
})

test.run()
