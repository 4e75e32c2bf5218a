/** An allowance that reaches what its assertion is to catch leaves it open. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { gaugeTruth } from '#weir/assertions/checks/gauge-truth.ts'
import { judge } from '#weir/assertions/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { viewOf } from '#weir/record/view/index.ts'
import { S } from './made-events.ts'
import { madeRun } from './made-run.ts'

const judged = (record: RunRecord, id: string) => judge(record, { asserts: [{ id }] }).findings[0]!

const reconnect = (maxMs: number) => ({ reconnect: { policy: 'random', minMs: 1000, maxMs } })

test('reconnect delays that differ by more than the drain of a node takes hide a storm', () => {
  const stormy = (maxMs: number) =>
    judged(madeRun({ perTick: 100, parameters: reconnect(maxMs) }), 'no-storm')
  assert.is(stormy(1000).outcome, 'fail')
  assert.is(stormy(4000).outcome, 'fail', 'a burst of 92 of 100')
  assert.is(stormy(12_000).outcome, 'inconclusive')
  assert.match(stormy(12_000).sentence, /a node that drops all of its 100 clients at once makes no more/)
  assert.is(judged(madeRun({ parameters: reconnect(4000) }), 'no-storm').outcome, 'pass')
})

test('a reading that only a stall explains was not checked', () => {
  const aged = (loopDelayMaxMs: number) => {
    const record = madeRun({ health: { loopDelayMaxMs } })
    // Gauges are up to one second old in this run: then up to 3.6 s.
    return { ...record, scrapes: record.scrapes.map((scrape) => ({ ...scrape, t: scrape.t + 2.6 * S })) }
  }
  // The check alone: judge() would find that all scrapes fit another clock.
  const bounds = { staleSeconds: 3, tolerance: 3, toleranceShare: 0.01, readings: 2, coverage: 0.99 }
  const says = (loopDelayMaxMs: number) => gaugeTruth(viewOf(aged(loopDelayMaxMs)), bounds)
  assert.is(says(5).outcome, 'fail')
  assert.is(says(900).outcome, 'inconclusive', says(900).sentence)
  assert.is(judged(madeRun({ health: { loopDelayMaxMs: 900 } }), 'gauge-truth').outcome, 'pass')
})

test.run()
