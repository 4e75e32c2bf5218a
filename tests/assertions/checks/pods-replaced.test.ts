/** What is judged where pods are replaced one by one, under their names. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { evacuationSerial } from '#weir/assertions/checks/evacuation-serial.ts'
import { hops } from '#weir/assertions/checks/hops.ts'
import { crashesOf } from '#weir/assertions/evidence/crashes.ts'
import { lastKnown } from '#weir/assertions/evidence/last-known.ts'
import { type Bounds, definitionOf, type RecordEvent } from '#weir/facts/index.ts'
import { viewOf } from '#weir/record/view/index.ts'
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
