import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { RunRecord } from '#weir/record/index.ts'
import { changed, emqx5Run, honestRun, markT, S, saysOf } from './honest-run.ts'

const base = honestRun()
const firstEviction = Number(
  saysOf(base, 'initial-delay').evidence.find(({ what }) => what === 'first eviction')?.fromT,
)

/** The same run, in which the new set began to serve so many seconds before the first eviction. */
function served(
  secondsBefore: number,
  changes: Partial<NonNullable<RunRecord['manifest']['parameters']>> = {},
): RunRecord {
  const record = changed(base, (event) =>
    event.type === 'endpoints' && event.t > markT(base, 'trigger')
      ? { ...event, t: firstEviction - secondsBefore * S }
      : event,
  )
  record.manifest = { ...record.manifest, parameters: { ...record.manifest.parameters!, ...changes } }
  return record
}

const CASES: [seconds: number, outcome: string, why: string][] = [
  [-0.2, 'fail', 'before the new set serves at all'],
  [0.3, 'fail', 'at once'],
  [2.9, 'fail', 'more than whole seconds and the watch explain'],
  [3.1, 'pass', 'startedAt is kept in whole seconds'],
  [4.2, 'pass', 'the recording shows "Delay 4 seconds"'],
  [21.7, 'pass', 'a poll later, as recorded'],
  [26.9, 'pass', 'D + L + 2'],
  [27.2, 'fail', 'later than one poll explains'],
]

for (const [seconds, outcome, why] of CASES)
  test(`an eviction ${seconds} s after the new set serves: ${outcome} (${why})`, () => {
    const finding = saysOf(served(seconds), 'initial-delay')
    assert.is(finding.outcome, outcome, finding.sentence)
  })

test('a delay that whole seconds may make nothing of is proved only where it was kept in full', () => {
  const of = (seconds: number, initialDelaySeconds: number) =>
    saysOf(served(seconds, { initialDelaySeconds }), 'initial-delay')
  const early = of(0.3, 1)
  assert.is(early.outcome, 'inconclusive')
  assert.match(early.sentence, /came after 0\.3 s, and an initialDelaySeconds of 1 may be up to 2 s shorter/)
  assert.is(of(-0.2, 1).outcome, 'fail')
  assert.is(of(1.1, 1).outcome, 'pass')
  assert.is(of(1.9, 2).outcome, 'inconclusive')
  assert.is(of(0.9, 3).outcome, 'fail')
  assert.is(of(1.5, 3).outcome, 'pass')
  assert.is(of(0, 0).outcome, 'pass')
})

test('a delay that a stall alone may have made is not proved', () => {
  const slow = (secondsBefore: number) =>
    changed(served(secondsBefore, { initialDelaySeconds: 3 }), (event) =>
      event.type === 'health' ? { ...event, loopDelayMaxMs: 900 } : event,
    )
  const finding = saysOf(slow(1.1), 'initial-delay')
  assert.is(finding.outcome, 'inconclusive', finding.sentence)
  assert.match(finding.sentence, /came after 1\.1 s, of which a stall of 0\.9 s may be part/)
  assert.is(saysOf(slow(2.1), 'initial-delay').outcome, 'pass')
})

test('new pods that joined the Service one by one served before the operator began to count', () => {
  const started = changed(served(27.5), (event) =>
    event.type === 'cr' && event.updating
      ? { ...event, startedUnixMs: (firstEviction - 21 * S) / 1e6 }
      : event,
  )
  assert.is(saysOf(started, 'initial-delay').outcome, 'pass')
})

test('the health check of EMQX 5 comes on top', () => {
  const dialect = { ...base.manifest.parameters!.dialect, healthCheckWaitSeconds: 60 }
  assert.is(saysOf(served(21, { dialect }), 'initial-delay').outcome, 'fail')
  assert.is(saysOf(served(66, { dialect }), 'initial-delay').outcome, 'pass')
})

test('a lost watch, or nobody evicted, leaves it open', () => {
  const t = firstEviction
  const gap = { t, type: 'watch-gap', kind: 'EndpointSlice', fromT: t - 8 * S, reason: 'reset' } as const
  const blind = { ...base, events: [...base.events, gap].sort((a, b) => a.t - b.t) }
  assert.is(saysOf(blind, 'initial-delay').outcome, 'inconclusive')
  const unmoved = changed(base, (event) => (event.type === 'endpoints' ? undefined : event))
  assert.match(saysOf(unmoved, 'initial-delay').sentence, /when the new set began to serve/)
})

test('a failure that the worst stall could explain does not stand against a starved harness', () => {
  const slow = changed(served(2.5), (event) =>
    event.type === 'health' ? { ...event, loopDelayMaxMs: 900 } : event,
  )
  assert.not.ok(saysOf(slow, 'initial-delay').despiteHarness)
  assert.ok(saysOf(served(0.3), 'initial-delay').despiteHarness)
})

test('where no listing tells who left first, a later eviction of a known client is no late one', () => {
  const record = emqx5Run()
  const exact = saysOf(record, 'initial-delay')
  assert.is(exact.outcome, 'pass')
  const evicted = record.events.find(
    (event) =>
      event.type === 'evacuation' && event.evacuations.some(({ state }) => state === 'evicting_conns'),
  )!.t
  const outcomes = [2, 4, 6, 8, 10].map((seconds) => {
    const untilT = evicted + seconds * S
    const silent = changed(record, (event) =>
      event.type === 'listing' && event.t < untilT ? undefined : event,
    )
    return saysOf(silent, 'initial-delay').outcome
  })
  assert.not.ok(outcomes.includes('fail'), outcomes.join())
  assert.ok(outcomes.includes('inconclusive'), outcomes.join())
})

test.run()
