import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { RunRecord } from '#weir/record/index.ts'
import { mutantOf, quickMutantOf, simulate } from '../../simulator/index.ts'
import { changed, honestRun, markT, S, saysOf } from './honest-run.ts'

const base = honestRun()
const says = (record: RunRecord, bounds?: Record<string, number>) => saysOf(record, 'duration', bounds)

test('the formula of docs/contract/upgrade.md#duration, by hand', () => {
  // T = 180 + D 5 + two nodes of [H 0 + ⌈c/10⌉ + 1 + W 5 + ⌈c/10⌉ + 1 + L 20 + 60], c1 + c2 = 200, all persistent.
  const expected = Number(says(base).figures.expectedSeconds)
  assert.ok(
    expected >= 180 + 5 + 2 * (1 + 5 + 1 + 20 + 60) + 2 * 20 &&
      expected <= 180 + 5 + 2 * (1 + 5 + 1 + 20 + 60) + 2 * 20 + 4,
    String(expected),
  )
  assert.is(Number(says(base).figures.limitSeconds), 1.5 * expected + 60)
})

test('a wait of 0 counts as 60 seconds', () => {
  const record = honestRun()
  record.manifest.parameters!.waitTakeoverSeconds = 0
  assert.is(Number(says(record).figures.expectedSeconds) - Number(says(base).figures.expectedSeconds), 2 * 55)
})

test('done in time passes, done late fails, not done in time fails, not done yet is open', () => {
  assert.is(says(base).outcome, 'pass')
  assert.is(says(base, { factor: 0.1, extraSeconds: 0 }).outcome, 'fail')
  const undone = changed(base, (event) =>
    event.type === 'mark' && event.name === 'upgrade-done' ? undefined : event,
  )
  assert.is(says(undone).outcome, 'inconclusive')
  assert.match(says(undone).settle ?? '', /until the upgrade is done/)
  assert.is(says(undone, { factor: 0.1, extraSeconds: 0 }).outcome, 'fail')
})

test('a node that hangs is named, with its state, even when the run gave up long before the whole is late', () => {
  const stuck = saysOf(simulate(quickMutantOf(1, 'evacuation-stuck')), 'duration')
  assert.is(stuck.outcome, 'fail')
  assert.match(
    stuck.sentence,
    /The evacuation of \S+-2 took at least 1\d\d s.* last seen in evicting_sessions/,
  )
  assert.is(saysOf(simulate(mutantOf(1, 'evacuation-stuck')), 'duration').outcome, 'fail')
})

test('no change, no duration', () => {
  const unmarked = changed(base, (event) =>
    event.type === 'mark' && event.name === 'trigger' ? undefined : event,
  )
  assert.is(says(unmarked).outcome, 'inconclusive')
  assert.ok(markT(base, 'trigger') > S)
})

test.run()
