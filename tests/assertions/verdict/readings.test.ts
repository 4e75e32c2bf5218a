/** A failure must stand in every way in which the record can be read. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { judge } from '#weir/assertions/index.ts'
import type { RecordEvent } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { changed, honestRun, markT, S, withEvents } from '../checks/honest-run.ts'
import { type Changes, madeRun } from '../checks/made-run.ts'

const findingOf = (record: RunRecord, id: string) => judge(record, { asserts: [{ id }] }).findings[0]!

/** Ten clients of each node end at one moment, for the given reason. */
const endsTogether = (reason: string): Changes => ({
  moreClients: Array.from({ length: 30 }, (_, client) => [
    { t: 30 * S, client, kind: 'disconnected' as const, reason },
    { t: 31 * S, client, kind: 'attempt' as const },
    { t: 31 * S + 1e6, client, kind: 'connected' as const, code: 0, sessionPresent: false },
  ]).flat(),
})

for (const [reason, outcome] of [
  ['closed', 'fail'],
  ['reset', 'inconclusive'],
  ['keepalive-timeout', 'inconclusive'],
] as const)
  test(`thirty connections that end together with "${reason}": ${outcome}`, () => {
    const finding = findingOf(madeRun(endsTogether(reason)), 'undisturbed-before')
    assert.is(finding.outcome, outcome, finding.sentence)
    if (outcome === 'inconclusive')
      assert.match(finding.sentence, /time-out or a reset, which a stalled path explains/)
  })

test('scrapes of another clock contradict nobody; a gauge that lies does', () => {
  const record = madeRun({ clients: 1020 })
  for (const seconds of [-6, 6]) {
    const scrapes = record.scrapes.map((scrape) => ({ ...scrape, t: scrape.t + seconds * S }))
    const finding = findingOf({ ...record, scrapes }, 'gauge-truth')
    assert.is(finding.outcome, 'inconclusive', finding.sentence)
    assert.match(finding.sentence, seconds > 0 ? /[4-6]\.\d s ahead/ : /[4-6]\.\d s behind/)
  }
  const lying = madeRun({ clients: 1020, gauge: (truth) => Math.round(truth * 1.2) })
  assert.is(findingOf(lying, 'gauge-truth').outcome, 'fail')
})

/** The change as the API server reports it, so much later. */
function withLateWatches(record: RunRecord, lagNs: number): RunRecord {
  const trigger = markT(record, 'trigger')
  const resource = (t: number, generation: number): RecordEvent => ({
    t,
    type: 'cr',
    generation,
    settled: true,
    updating: false,
    evacuations: [],
    nodes: [],
    deleted: false,
  })
  const late = changed(record, (event) =>
    ['set', 'pod', 'endpoints', 'cr'].includes(event.type) ? { ...event, t: event.t + lagNs } : event,
  )
  return withEvents(late, resource(trigger - S, 1), resource(trigger + Math.max(lagNs, 1e6), 2))
}

test('watches that report the change itself late may report everything late', () => {
  const finding = findingOf(withLateWatches(honestRun(), 18 * S), 'initial-delay')
  assert.is(finding.outcome, 'inconclusive', finding.sentence)
  assert.match(finding.sentence, /the watches reported the change itself only 18\.0 s after it was made/)
  assert.is(findingOf(withLateWatches(honestRun(), 0), 'initial-delay').outcome, 'pass')
})

test('a path that stood still for the whole cluster explains what was late, not a node dropped whole', () => {
  const stalled = (record: RunRecord): RunRecord => ({
    ...record,
    scrapes: record.scrapes.map((scrape) =>
      scrape.t > 45 * S && scrape.t < 51 * S ? { ...scrape, ok: false, tookNs: 5 * S, metrics: {} } : scrape,
    ),
    events: record.events.filter(
      ({ t, type }) => !(['evacuation', 'nodes'].includes(type) && t > 45 * S && t < 51 * S),
    ),
  })
  const late = madeRun({ delayNs: (client) => (client === 95 ? 6 * S : S) })
  assert.is(findingOf(late, 'downtime').outcome, 'fail')
  const finding = findingOf(stalled(late), 'downtime')
  assert.is.not(finding.outcome, 'pass')
  const dropped = madeRun({ perTick: 100 })
  assert.is(findingOf(stalled(dropped), 'eviction-envelope').outcome, 'fail')
})

test('evictions that a stall of the clients’ path may have bunched are no storm', () => {
  // Fifty every 1.6 s, where ten a second were sent.
  const bunched = madeRun({ perTick: 50, tickNs: 1.6 * S })
  const stallT = 40 * S
  const pinged = (record: RunRecord): RunRecord => ({
    ...record,
    events: record.events.map((event) => {
      if (event.type !== 'health') return event
      const isIn = event.t > stallT - 10 * S && event.t < stallT
      const slowestMs = event.t === stallT ? 9800 : 4
      return { ...event, ...(!isIn && { pings: { answered: 9, quickestMs: 1, slowestMs } }) }
    }),
  })
  assert.is(findingOf(bunched, 'eviction-envelope').outcome, 'fail')
  const { outcome, sentence } = findingOf(pinged(bunched), 'eviction-envelope')
  assert.is(outcome, 'inconclusive', sentence)
  assert.match(sentence, /answered nothing for 1\d\.\d s, so the path to it may have stood still/)
})

test('what nodes and resource reported of an earlier change is not judged', () => {
  const record = honestRun()
  const trigger = markT(record, 'trigger')
  const earlier = record.events.flatMap((event): RecordEvent[] =>
    event.type === 'cr' || event.type === 'evacuation' ? [{ ...event, t: (event.t - trigger) / 100 }] : [],
  )
  const before = earlier.filter(({ t }) => t > 0 && t < trigger)
  assert.ok(before.some((event) => 'evacuations' in event && event.evacuations.length > 0))
  const twice = withEvents(record, ...before)
  const honest = judge(record).findings
  for (const [i, { id, outcome, sentence }] of judge(twice).findings.entries())
    assert.is(outcome, honest[i]!.outcome, `${id}: ${sentence}`)
})

test('a bound that is made of an unknown parameter proves nothing', () => {
  const record = madeRun()
  const unsaid = (unknown: ('connEvictRate' | 'waits' | 'reconnect')[]): RunRecord => ({
    ...record,
    manifest: { ...record.manifest, parameters: { ...record.manifest.parameters!, unknown } },
  })
  const finding = findingOf(unsaid(['connEvictRate']), 'eviction-envelope')
  assert.is(finding.outcome, 'inconclusive')
  assert.match(finding.settle!, /--rate/)
  // Whatever the wait was, nobody was away for longer than two seconds.
  assert.is(findingOf(unsaid(['reconnect']), 'downtime').outcome, 'pass')
  assert.is(findingOf(unsaid(['connEvictRate']), 'conservation').outcome, 'pass')
})

test.run()
