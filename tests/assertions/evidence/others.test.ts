/** What else gauges count, crashed nodes, second sets, pods that cannot start. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { crashesOf } from '#weir/assertions/evidence/crashes.ts'
import { servingNodes, supersededSets } from '#weir/assertions/evidence/new-set.ts'
import { othersOf } from '#weir/assertions/evidence/others.ts'
import { judge } from '#weir/assertions/index.ts'
import type { RecordEvent } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { viewOf } from '#weir/record/view/index.ts'
import { NODE, podEvent, S } from '../checks/made-events.ts'
import { COUNT, LIVE, madeRun, TRIGGER } from '../checks/made-run.ts'

const findingOf = (record: RunRecord, id: string) => judge(record, { asserts: [{ id }] }).findings[0]!

/** Fifty sessions of somebody else on each old node, which move to the new ones with the rest. */
function withLeftSessions(record: RunRecord): RunRecord {
  const scrapes = record.scrapes.map((scrape) => ({
    ...scrape,
    metrics: {
      ...scrape.metrics,
      [COUNT]: (scrape.metrics[LIVE] ?? 0) + (scrape.pod.startsWith('blue') ? 50 : 0),
    },
  }))
  return { ...record, scrapes }
}

test('sessions that were there before the change belong to nobody that is judged', () => {
  const record = withLeftSessions(madeRun())
  assert.is(othersOf(viewOf(record)).sessions, 150)
  assert.is(findingOf(record, 'gauge-truth').outcome, 'pass', findingOf(record, 'gauge-truth').sentence)
  assert.is(findingOf(record, 'conservation').outcome, 'pass')
  // More than were there before are too many.
  const scrapes = record.scrapes.map((scrape) => ({
    ...scrape,
    metrics: { ...scrape.metrics, [COUNT]: (scrape.metrics[COUNT] ?? 0) + (scrape.t > TRIGGER ? 200 : 0) },
  }))
  assert.is(findingOf({ ...record, scrapes }, 'gauge-truth').outcome, 'fail')
})

/** A pod as the kubelet reports it. */
const status = (pod: string, t: number, finishedAt: string, restarts: number): RecordEvent => ({
  ...podEvent(pod, t),
  container: {
    restarts,
    ...(finishedAt && { lastEnd: { exitCode: 137, reason: 'OOMKilled', finishedAt } }),
  },
})

/** Every client of green-0 loses its connection at 100 s, and is back a second later. */
function crashed(): RunRecord {
  const honest = viewOf(madeRun({ direct: true }))
  const green = honest.nodeByName.get(NODE('green-0'))!
  const clients = Array.from({ length: 300 }, (_, client) => client).filter((client) =>
    Array.from({ length: honest.connections.length }, (_, row) => row).some(
      (row) =>
        honest.connections.client[row] === client &&
        honest.connections.node[row] === green &&
        honest.connections.to[row]! > 100 * S,
    ),
  )
  return madeRun({
    direct: true,
    moreClients: clients.flatMap((client) => [
      { t: 100 * S, client, kind: 'disconnected' as const, reason: 'closed' },
      { t: 101 * S, client, kind: 'attempt' as const, target: '10.0.1.1:1883' },
      { t: 101 * S + 1e6, client, kind: 'connected' as const, code: 0, target: '10.0.1.1:1883' },
    ]),
    moreEvents: [status('green-0', 30 * S, '', 0), status('green-0', 102 * S, '1970-01-01T00:01:40Z', 1)],
  })
}

test('a node that crashes is named, evicted nobody, and its clients were dropped all the same', () => {
  const record = crashed()
  const crashes = crashesOf(viewOf(record))
  assert.equal(
    crashes.map(({ exitCode, reason }) => [exitCode, reason]),
    [[137, 'OOMKilled']],
  )
  assert.is(findingOf(record, 'eviction-envelope').outcome, 'pass')
  const { findings, headline } = judge(record, { asserts: [{ id: 'hops' }, { id: 'no-storm' }] })
  assert.is(findings[0]!.outcome, 'fail')
  assert.match(findings[0]!.sentence, /the container of green-0 ended with exit code 137 \(OOMKilled\)/)
  assert.match(headline, /^Node green-0 crashed at \+82\.0 s after the trigger: .* exit code 137/)
})

test('an old node that crashes in its drain has no steep slope', () => {
  const honest = madeRun({ clients: 1020 })
  const node = honest.scrapes.find(({ pod }) => pod === 'blue-2')!.pod
  const atT = 55 * S
  const record: RunRecord = {
    ...honest,
    scrapes: honest.scrapes.map((scrape) =>
      scrape.pod === node && scrape.t > atT ? { ...scrape, metrics: { [LIVE]: 0, [COUNT]: 0 } } : scrape,
    ),
  }
  assert.is(findingOf(record, 'eviction-slope').outcome, 'fail')
  const events = [...record.events, status(node, 30 * S, '', 0), status(node, atT + 2 * S, 'a moment ago', 1)]
  const crashing = { ...record, events: events.sort((a, b) => a.t - b.t) }
  assert.is.not(findingOf(crashing, 'eviction-slope').outcome, 'fail')
})

test('of two new sets the newest that became ready is the target', () => {
  const second = (ready: boolean): RecordEvent[] => [
    {
      t: 25 * S,
      type: 'set',
      kind: 'StatefulSet',
      name: 'teal',
      createdUnixMs: 3,
      specReplicas: 3,
      replicas: 3,
      readyReplicas: ready ? 3 : 0,
      deleted: false,
    },
    ...[0, 1, 2].map((n) => ({ ...podEvent(`teal-${n}`, 25 * S), ip: `10.0.2.${n}`, ready })),
  ]
  const target = (ready: boolean) => {
    const view = viewOf(madeRun({ moreEvents: second(ready) }))
    const [first] = servingNodes(view, 'new')
    return [view.nodes[first!]!.set, [...supersededSets(view)]]
  }
  assert.equal(target(true), ['teal', ['green']])
  assert.equal(target(false), ['green', ['teal']])
})

test('what holds a rollout up is in the headline', () => {
  const blocked = 'ImagePullBackOff: Back-off pulling image "emqx:5.8.99"'
  const record = madeRun({
    moreEvents: [{ ...podEvent('green-3', 30 * S), ready: false, phase: 'Pending', blocked }],
  })
  const { headline } = judge(record, { asserts: [{ id: 'all-new' }] })
  assert.match(headline, /^The rollout is held up: pod green-3 cannot start: ImagePullBackOff/)
})

test('what the API server refuses is in the headline, unless the rollout got past it', () => {
  const why = 'admission webhook "policy" denied the request: registry acme is not allowed'
  const refusal = { t: 30 * S, type: 'refusal', kind: 'StatefulSet', name: 'green', why } as const
  const headline = (...moreEvents: RecordEvent[]) =>
    judge(madeRun({ moreEvents }), { asserts: [{ id: 'all-new' }] }).headline
  assert.match(headline(refusal), `The rollout is held up: StatefulSet green cannot create a pod: ${why}.`)
  assert.not.match(headline(refusal, { ...refusal, t: 31 * S, why: undefined }), /held up/)
})

test('a pod that is deleted with clients on it though nothing was changed is a failure', () => {
  const whole = madeRun({ direct: true })
  const record: RunRecord = {
    ...whole,
    events: [
      ...whole.events.filter(
        (event) => event.t < 15 * S && !(event.type === 'mark' && event.name === 'trigger'),
      ),
      { ...podEvent('blue-1', 16 * S), deleting: true },
    ],
  }
  const finding = findingOf(record, 'drained-before-delete')
  assert.is(finding.outcome, 'fail', finding.sentence)
  assert.match(finding.sentence, /with 100 clients still on it, though nobody had changed the resource/)
})

test.run()
