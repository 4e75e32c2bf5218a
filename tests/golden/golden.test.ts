import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { judge } from '#weir/assertions/index.ts'
import {
  allAtOnce,
  atRate,
  endsAt57,
  hole,
  oldNodeRises,
  secondDip,
  tenLost,
  withoutPlateaus,
} from './mutants.ts'
import { recordOfTrace } from './record.ts'
import { goldenTrace, type Trace } from './trace.ts'

/** What scrapes alone can tell. */
const ASKED = ['eviction-slope', 'evacuation-serial', 'conservation', 'drained-before-delete', 'duration']
const golden = goldenTrace()

const judged = (trace: Trace) =>
  judge(
    recordOfTrace(
      trace,
      ASKED.map((id) => ({ id })),
    ),
  )

/** Exactly these fail. */
function assertFails(trace: Trace, ids: string[], words: RegExp): void {
  const { outcome, findings, headline } = judged(trace)
  assert.is(outcome, 'fail', headline)
  const failed = findings.filter((finding) => finding.outcome === 'fail')
  assert.equal(
    failed.map(({ id }) => id),
    ids,
    failed.map(({ sentence }) => sentence).join('\n'),
  )
  assert.match(failed[0]?.sentence ?? '', words)
}

test("the seed's own graph is read as it was drawn", () => {
  const values = (name: string, fromT: number, toT: number) =>
    (golden[name] ?? []).filter(({ t }) => t >= fromT && t <= toT).map(({ value }) => value)
  assert.equal(values('old-2', 76, 196), [999, 960, 860, 760, 660, 560, 461, 361, 262, 161, 62, 2, 2])
  assert.equal(values('old-0', 406, 466), [521, 421, 322, 221, 121, 22, 2])
  assert.equal(values('new-1', 86, 126), [6, 39, 71, 105, 138])
  assert.is(golden['old-2']?.at(-1)?.t, 196, 'the line of old-2 ends when its pod does')
})

test("the seed's own graph passes", () => {
  const { outcome, findings } = judged(golden)
  for (const finding of findings) assert.is(finding.outcome, 'pass', `${finding.id}: ${finding.sentence}`)
  assert.is(outcome, 'pass')
})

test('a drain at exactly the rate, made like the mutants, passes', () => {
  assert.is(judged(atRate(golden, 10)).outcome, 'pass')
})

test('all three nodes at once fail', () =>
  assertFails(allAtOnce(golden), ['evacuation-serial'], /at the same time/))

test('13 a second fails', () => assertFails(atRate(golden, 13), ['eviction-slope'], /fell by/))

test('7 a second fails', () =>
  assertFails(atRate(golden, 7), ['eviction-slope'], /slower than the configured 10\/s/))

test("an old node that rises in another's drain fails", () =>
  assertFails(oldNodeRises(golden), ['evacuation-serial'], /old-1 rose from 999/))

test('drains without a plateau between them fail', () =>
  assertFails(
    withoutPlateaus(golden),
    ['evacuation-serial'],
    /old-2 and old-1 were evacuated at the same time/,
  ))

test('a total that ends at 2990 fails', () =>
  assertFails(tenLost(golden), ['conservation'], /added up to 29\d\d/))

test('a hole of 40 seconds leaves it open', () => {
  const { outcome, findings } = judged(hole(golden))
  assert.is(outcome, 'inconclusive')
  const open = findings.filter((finding) => finding.outcome === 'inconclusive').map(({ id }) => id)
  assert.equal(open, ['eviction-slope', 'evacuation-serial'])
  assert.match(findings[0]?.sentence ?? '', /no scrape for/)
})

test('a line that ends at 57 fails', () =>
  assertFails(endsAt57(golden), ['drained-before-delete'], /old-1 ended with 57 connections/))

test('a second dip after everything is done fails', () =>
  assertFails(secondDip(golden), ['conservation'], /added up to 26\d\d/))

test.run()
