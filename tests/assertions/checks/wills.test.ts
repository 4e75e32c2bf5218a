/** Wills, held to what EMQX promises of them. */

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { judge } from '#weir/assertions/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { healthEvent, S } from './made-events.ts'
import {
  connect,
  EVICTED_T,
  evict,
  LISTENER,
  type SmallTalk,
  SPEAKER,
  smallTalk,
  will,
} from './small-talk.ts'

const judged = (record: RunRecord) => judge(record, { asserts: [{ id: 'wills' }] }).findings[0]!
const after = (seconds: number, attempt = 1) => will(EVICTED_T + seconds * S, attempt)
/** Whoever is gone by plan does not try again. */
const leave = (t: number) => [evict(SPEAKER, t), { t: t + 1e6, client: SPEAKER, kind: 'away' } as const]
const gone = leave(EVICTED_T)
const backAfter = (seconds: number) => [
  evict(SPEAKER, EVICTED_T),
  ...connect(SPEAKER, EVICTED_T + seconds * S),
]
const awayFrom = (from: number, to: number, present = true) => [
  evict(LISTENER, EVICTED_T + from * S),
  ...connect(LISTENER, EVICTED_T + to * S, present),
]
const delayed = { will: { delaySeconds: 30 } }

const EXPECTED: [what: string, changes: SmallTalk, outcome: string, sentence: RegExp][] = [
  ['at once', {}, 'pass', /^1 will arrived once and in time, 1 were correctly withheld\.$/],
  [
    'never',
    { wills: [] },
    'fail',
    /the will of speaker, disconnected at \+20\.0 s .* never reached listener/,
  ],
  ['late', { wills: [after(12)] }, 'fail', /reached listener 12\.0 s after it was due/],
  ['twice', { wills: [after(0.1), after(0.4)] }, 'fail', /reached listener a second time/],
  ['twice, retained', { will: { retain: true }, wills: [after(0.1), after(0.4)] }, 'pass', /1 will arrived/],
  [
    'before its connection ended',
    { wills: [after(-8)] },
    'fail',
    /reached listener at \+12\.0 s after the trigger, 8\.0 s too early/,
  ],
  [
    'of a connection that is still there',
    { wills: [after(0.1), after(20, 2)] },
    'fail',
    /although the client left by plan/,
  ],
  [
    'to a listener that was away',
    { listener: awayFrom(-0.5, 9), wills: [after(9.1)] },
    'pass',
    /1 will arrived/,
  ],
  [
    'never, to a listener that came back',
    { listener: awayFrom(-0.5, 9), wills: [] },
    'fail',
    /never reached/,
  ],
  [
    'never, to a listener whose session was lost',
    { listener: awayFrom(-0.5, 9, false), wills: [] },
    'pass',
    /the outcome of 1 is not specified/,
  ],
  [
    'never, to a listener without a session',
    { persistent: false, listener: awayFrom(-0.5, 9), wills: [] },
    'pass',
    /outcome of 1 /,
  ],
  [
    'again, to a listener that moved',
    { listener: awayFrom(0.3, 1.3), wills: [after(0.1), after(1.4)] },
    'pass',
    /1 will/,
  ],
  [
    'never, from a node that was killed',
    { deletingT: EVICTED_T - 0.2 * S, wills: [] },
    'pass',
    /the outcome of 1 is not specified/,
  ],
  [
    'delayed, and the client is back',
    { ...delayed, wills: [] },
    'pass',
    /^0 wills arrived once and in time, 2 were correctly/,
  ],
  [
    'delayed, and it comes although the client is back',
    { ...delayed, wills: [after(30)] },
    'fail',
    /although the client was back in time/,
  ],
  [
    'delayed, and it comes at once',
    { ...delayed, wills: [after(0.1)] },
    'fail',
    /although the client was back in time/,
  ],
  [
    'delayed, and the client stays away',
    { ...delayed, speaker: gone, wills: [after(30.2)] },
    'pass',
    /1 will arrived/,
  ],
  [
    'delayed, the client stays away, and it never comes',
    { ...delayed, speaker: gone, wills: [] },
    'fail',
    /never reached/,
  ],
  [
    'delayed, and it comes too early',
    { ...delayed, speaker: gone, wills: [after(10)] },
    'fail',
    /20\.0 s too early/,
  ],
  [
    'delayed, and the client is back too late',
    { ...delayed, speaker: backAfter(40), wills: [after(30)] },
    'pass',
    /1 will/,
  ],
  [
    'delayed, back on the moment',
    { ...delayed, speaker: backAfter(30), wills: [] },
    'pass',
    /the outcome of 1 is not specified/,
  ],
  [
    'delayed, and no longer than the session lasts',
    { will: { delaySeconds: 30, sessionSeconds: 10 }, speaker: gone, wills: [after(10)] },
    'pass',
    /1 will arrived/,
  ],
  [
    'delayed, of a session that ends with its connection',
    { will: { delaySeconds: 30, sessionSeconds: 0 }, speaker: gone, wills: [] },
    'inconclusive',
    /no will was due/,
  ],
  [
    'delayed, and the session was moved meanwhile',
    { ...delayed, speaker: gone, movingT: EVICTED_T + 10 * S, wills: [] },
    'inconclusive',
    /no will was due/,
  ],
  [
    'delayed, and the session was lost',
    {
      ...delayed,
      speaker: [evict(SPEAKER, EVICTED_T), ...connect(SPEAKER, EVICTED_T + S, false)],
      wills: [],
    },
    'pass',
    /outcome of 1 /,
  ],
  [
    'and the account breaks off',
    { account: { complete: false } },
    'inconclusive',
    /messages\.ndjson is truncated/,
  ],
]

for (const [what, changes, outcome, sentence] of EXPECTED)
  test(`a will ${what}: ${outcome}`, () => {
    const finding = judged(smallTalk(changes))
    assert.is(finding.outcome, outcome, finding.sentence)
    assert.match(finding.sentence, sentence)
  })

test('wills are told apart by attempt, refused ones counted', () => {
  const refused = (t: number) => [
    { t, client: SPEAKER, kind: 'attempt' } as const,
    { t: t + 1e6, client: SPEAKER, kind: 'refused', reason: 'connack', code: 0x9c } as const,
  ]
  const speaker = [
    evict(SPEAKER, EVICTED_T),
    ...refused(EVICTED_T + S),
    ...refused(EVICTED_T + 2 * S),
    ...connect(SPEAKER, EVICTED_T + 3 * S),
    evict(SPEAKER, EVICTED_T + 60 * S),
    ...connect(SPEAKER, EVICTED_T + 61 * S),
  ]
  const wills = [after(0.1), after(60.1, 4)]
  assert.is(judged(smallTalk({ speaker, wills })).outcome, 'pass')
  assert.match(judged(smallTalk({ speaker, wills: [after(0.1), after(60.1, 2)] })).sentence, /never reached/)
})

test('a fleet without wills leaves it open and says so', () => {
  const record = smallTalk()
  const groups = record.fleet.groups.map(({ will: _, ...group }) => group)
  const finding = judged({ ...record, fleet: { ...record.fleet, groups } })
  assert.is(finding.outcome, 'inconclusive')
  assert.match(finding.sentence, /the fleet has no wills/)
})

test('with rows missing from the histories nobody is blamed', () => {
  const speaker = [evict(SPEAKER, EVICTED_T), { t: EVICTED_T + S, client: SPEAKER, kind: 'attempt' } as const]
  assert.is(judged(smallTalk({ speaker, wills: [] })).outcome, 'inconclusive')
})

test('a will whose lateness a stall explains is not proved to be in time', () => {
  const record = smallTalk({ wills: [after(8.5)] })
  const health = Array.from({ length: 200 }, (_, i) => healthEvent(i * S, { loopDelayMaxMs: 900 }))
  const slow = { ...record, events: [...record.events, ...health].sort((a, b) => a.t - b.t) }
  assert.is(judged(record).outcome, 'fail')
  assert.is(judged(slow).outcome, 'inconclusive')
  assert.match(judged(slow).sentence, /1 will came late, which the harness's own delay may explain/)
})

test.run()
