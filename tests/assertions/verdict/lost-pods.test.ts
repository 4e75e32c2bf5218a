/** A fleet in pods: what a lost pod's clients were needed for neither passes nor fails by what is unknown of them. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { judge } from '#weir/assertions/index.ts'
import { needsFleet } from '#weir/assertions/verdict/lost-pods.ts'
import { CLIENT_KIND, UPDATE_ASSERTION_IDS } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { honestRun, markT, S, withEvents } from '../checks/honest-run.ts'
import { inPods, losing, POD } from '../fleet-in-pods.ts'

const ALL = UPDATE_ASSERTION_IDS.map((id) => ({ id }))
const outcomes = (record: RunRecord) =>
  new Map(judge(record, { asserts: ALL }).findings.map(({ id, outcome }) => [id, outcome]))

test('a fleet whose pods all stay is judged as one that is in one process', () => {
  const [inOne, inTwo] = [honestRun(), inPods()].map((record) => judge(record, { asserts: ALL }).findings)
  for (const [i, finding] of inTwo!.entries())
    assert.is(finding.outcome, inOne![i]!.outcome, `${finding.id}: ${finding.sentence}`)
})

test('after a loss nothing that needs the fleet passes or fails, and what does not need it is judged', () => {
  const found = outcomes(losing())
  for (const [id, outcome] of found)
    if (needsFleet(id)) assert.is(outcome, 'inconclusive', id)
    else assert.is.not(outcome, 'fail', id)
  for (const id of ['all-new', 'evacuation-serial', 'available', 'harness-healthy'] as const)
    assert.is(found.get(id), 'pass', id)
})

test('the loss is the headline, with its reason and what is unknown', () => {
  const { headline, findings } = judge(losing(), { asserts: ALL })
  assert.match(
    headline,
    /^Fleet pod weir-fleet-x-1 ended \(OOMKilled, exit code 137\) at \+\d+\.\d s after the trigger, and its 100 clients are unknown from then on\. /,
  )
  const hops = findings.find(({ id }) => id === 'hops')
  assert.match(hops?.sentence ?? '', /^Inconclusive: fleet pod .* are unknown from then on/)
  assert.match(hops?.settle ?? '', /keep every pod/)
})

test('what had failed before the loss stays failed', () => {
  const record = losing()
  const { clients } = record
  // The first persistent client that was evicted came back to nothing.
  const evicted = clients.kind.indexOf(CLIENT_KIND.disconnected)
  const back = clients.kind.indexOf(CLIENT_KIND.connected, evicted)
  clients.sessionPresent[back] = 0
  assert.is(outcomes(record).get('session-kept'), 'fail')
})

/** As in the honest run, but nothing came of the second pod from so long after the fleet began to leave on. */
function silentFrom(record: RunRecord, afterS: number): RunRecord {
  const sinceT = markT(record, 'fleet-stopping') + afterS * S
  const lost = { type: 'fleet-pod', pod: POD, phase: 'lost', shards: [1], of: 2, how: 'x' } as const
  return withEvents(record, { t: markT(record, 'fleet-stopping') + 15 * S, ...lost, sinceT })
}

test('a pod that is lost while the fleet leaves is not mentioned', () => {
  const record = inPods()
  assert.is(judge(silentFrom(record, 1.1)).headline, judge(record).headline)
})

test('a pod whose last events before the fleet left may be missing is lost', () => {
  for (const afterS of [-10, -0.5, 0.5]) {
    const found = outcomes(silentFrom(inPods(), afterS))
    for (const [id, outcome] of found) if (needsFleet(id)) assert.is(outcome, 'inconclusive', id)
  }
})

test('a pod that was silent from before the fleet left on is lost, however late that is noticed', () => {
  const record = losing()
  const late = record.events.map((event) =>
    event.type === 'fleet-pod' && event.phase === 'lost'
      ? { ...event, t: markT(record, 'fleet-stopping') + 10 * S }
      : event,
  )
  const found = outcomes({ ...record, events: late.sort((a, b) => a.t - b.t) })
  for (const [id, outcome] of found) if (needsFleet(id)) assert.is(outcome, 'inconclusive', id)
})

test('clocks that may be far off: the harness is not healthy, for that reason', () => {
  const of = (record: RunRecord) => judge(record, { asserts: [{ id: 'harness-healthy' }] }).findings[0]!
  assert.is(of(inPods()).outcome, 'pass')
  const far = inPods()
  for (const event of far.events)
    if (event.type === 'fleet-clock' && event.pod === POD) Object.assign(event, { aheadMs: -30, errorMs: 40 })
  assert.is(of(far).outcome, 'inconclusive')
  assert.match(of(far).sentence, /the clock of fleet pod weir-fleet-x-1 may have been 7\d(\.\d)? ms off/)
  const never = { ...inPods(), events: inPods().events.filter(({ type }) => type !== 'fleet-clock') }
  assert.match(of(never).sentence, /the clock of fleet pod weir-fleet-x-0 was never compared/)
})

test('one slow comparison between quick ones makes no clock worse', () => {
  const record = inPods()
  const one = record.events.filter(({ type }) => type === 'fleet-clock')[20]!
  Object.assign(one, { errorMs: 400 })
  assert.is(outcomes(record).get('harness-healthy'), 'pass')
})

test.run()
