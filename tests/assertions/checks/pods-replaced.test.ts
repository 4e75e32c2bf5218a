/** What is judged where pods are replaced one by one, under their names. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { evacuationSerial } from '#weir/assertions/checks/evacuation-serial.ts'
import { hops } from '#weir/assertions/checks/hops.ts'
import { crashesOf } from '#weir/assertions/evidence/crashes.ts'
import { endFacts } from '#weir/assertions/evidence/end-facts.ts'
import { lastKnown } from '#weir/assertions/evidence/last-known.ts'
import { type Bounds, definitionOf, type RecordEvent } from '#weir/facts/index.ts'
import { fleetOf, recordOf } from '#weir/record/index.ts'
import { viewOf } from '#weir/record/view/index.ts'
import { GROUPS, mark, pod, set } from '../../record/view/small-record.ts'
import { podEvent, S } from './made-events.ts'
import { madeRun, parameters } from './made-run.ts'

const { dialect } = parameters()
const byPod = { dialect: { ...dialect, replaces: 'pods' as const, skipsEmptyNodes: true } }

const defaultsOf = <Id extends 'hops' | 'evacuation-serial'>(id: Id) =>
  Object.fromEntries(
    Object.entries(definitionOf(id).bounds).map(([name, bound]) => [name, bound.default]),
  ) as Bounds<Id>

test('hops: a client may move as often as there are old nodes, unless somebody asks for less', () => {
  // Every client comes back to the next old node.
  const again = madeRun({
    parameters: byPod,
    landsOn: (client, left) =>
      left === 'blue-2' ? 'blue-1' : left === 'blue-1' ? 'blue-0' : `green-${client % 3}`,
  })
  const run = viewOf(again)
  const finding = hops(run, defaultsOf('hops'))
  assert.is(finding.outcome, 'pass', finding.sentence)
  assert.match(finding.sentence, /none of which moved more than 3 times while 3 nodes were replaced/)
  assert.is(hops(run, { ...defaultsOf('hops'), most: 1 }).outcome, 'fail')
  const set = { ...again, manifest: { ...again.manifest, parameters: parameters() } }
  assert.is(hops(viewOf(set), defaultsOf('hops')).outcome, 'fail', 'by a new set each moves once')
})

test('evacuation-serial: with several at once allowed, nothing is held that nobody saw', () => {
  const record = madeRun({ parameters: { ...byPod, nodesAtOnce: 2 } })
  assert.is(evacuationSerial(viewOf(record), defaultsOf('evacuation-serial')).outcome, 'pass')
  const blind = { ...record, events: record.events.filter(({ type }) => type !== 'evacuation') }
  assert.is(evacuationSerial(viewOf(blind), defaultsOf('evacuation-serial')).outcome, 'inconclusive')
})

test('evacuation-serial: of cores one at a time, of replicants as many as may be away', () => {
  const outcome = (role: 'core' | 'replicant', atOnce: number) => {
    const made = madeRun({ parameters: { ...byPod, nodesAtOnce: 2 } })
    const run = viewOf(made)
    for (const node of run.nodes) node.role = role
    const seen = made.events.find(
      (event): event is Extract<RecordEvent, { type: 'evacuation' }> =>
        event.type === 'evacuation' && event.evacuations.length > 0,
    )!
    const [one] = seen.evacuations
    const old = run.nodes.filter(({ side }) => side === 'old').slice(0, atOnce)
    const evacuations = old.map(({ name }) => ({ ...one!, node: name, state: 'evicting_conns' as const }))
    const events = made.events.map((event) => (event === seen ? { ...seen, evacuations } : event))
    const view = viewOf({ ...made, events })
    for (const node of view.nodes) node.role = role
    return evacuationSerial(view, defaultsOf('evacuation-serial')).outcome
  }
  assert.is(outcome('core', 1), 'pass')
  assert.is(outcome('core', 2), 'fail')
  assert.is(outcome('replicant', 2), 'pass')
  assert.is(outcome('replicant', 3), 'fail')
})

test('all-new: an old pod that stays in a set of new ones is left, and its set need not be empty', () => {
  const seen = (stays: boolean) => {
    const events: RecordEvent[] = [
      set('core', 0, 2),
      pod('core-0', 1 * S),
      pod('core-1', 1 * S),
      mark('trigger', 5 * S),
      pod('core-1', 7 * S, { deleting: true, deleted: true }),
      pod('core-1', 8 * S, { uid: 'second-1' }),
      ...(stays
        ? []
        : [
            pod('core-0', 9 * S, { deleting: true, deleted: true }),
            pod('core-0', 10 * S, { uid: 'second-0' }),
          ]),
    ]
    const manifest = { parameters: parameters({ ...byPod, nodes: 2 }) }
    return endFacts(viewOf(recordOf({ fleet: fleetOf(1, GROUPS), events, manifest })), 20 * S, 5 * S)
      .filter(({ state }) => state === 'false')
      .map(({ what }) => what)
  }
  assert.ok(
    seen(true).some((what) => what.includes('core-0')),
    seen(true).join(),
  )
  assert.not.ok(
    seen(false).some((what) => /old|replicas/.test(what)),
    seen(false).join(),
  )
})

test('a status that was written after the deletion says nothing of what was left', () => {
  const nodes = (left: number) => [
    { node: 'emqx@blue-2', running: true, version: '1', connections: left, liveConnections: left },
  ]
  const cr = (t: number, left: number): RecordEvent => ({
    ...{ t, type: 'cr', generation: 1, settled: false, updating: true, evacuations: [] },
    ...{ nodes: nodes(left), deleted: false },
  })
  const known = (...events: RecordEvent[]) => {
    const made = madeRun({ parameters: byPod })
    const others = made.events.filter(({ type }) => !['evacuation', 'cr', 'nodes'].includes(type))
    const run = viewOf({ ...made, events: [...others, ...events].sort((a, b) => a.t - b.t) })
    const index = run.nodes.findIndex(({ pod }) => pod === 'blue-2')
    run.nodes[index]!.name = 'emqx@blue-2'
    return lastKnown({ ...run, nodeAt: () => index }, index, 50 * S)?.connected
  }
  assert.is(known(cr(49 * S, 7), cr(50.8 * S, 0)), 7)
  assert.is(known(cr(49.9 * S, 0)), 0)
})

test('a container that ends is that of the pod of the time, and one that is deleted ends as it should', () => {
  const ended = (t: number, finishedAt?: string) => ({
    ...(podEvent('blue-2', t) as Extract<RecordEvent, { type: 'pod' }>),
    container: { restarts: 1, ...(finishedAt !== undefined && { lastEnd: { finishedAt, exitCode: 137 } }) },
  })
  const later = (t: number) => ({
    ...(podEvent('blue-2', t) as Extract<RecordEvent, { type: 'pod' }>),
    uid: 'second',
  })
  const crashes = (...events: object[]) => {
    const made = madeRun({ parameters: byPod })
    const all = [...made.events, ...(events as RecordEvent[])].sort((a, b) => a.t - b.t)
    const run = viewOf({ ...made, events: all })
    return crashesOf(run).map(({ node }) => run.nodes[node]!.side)
  }
  assert.equal(crashes(ended(24 * S), ended(26 * S, 'a'), later(90 * S)), ['old'])
  assert.equal(crashes(ended(24 * S), later(90 * S)), [])
})

test.run()
