import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { judge } from '#weir/assertions/index.ts'
import type { PodEvent, RecordEvent } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { changed, emqx5Run, S, saysOf } from './honest-run.ts'

const base = emqx5Run()
const pods = base.events.filter((event): event is PodEvent => event.type === 'pod')
const isNew = ({ set }: PodEvent) => set.endsWith('7d45684f66')
const newCore = pods.find((pod) => pod.role === 'core' && isNew(pod))!
const oldCore = pods.findLast((pod) => pod.role === 'core' && !isNew(pod))!
const firstEvacuated = base.events.flatMap((event) =>
  event.type === 'evacuation' ? event.evacuations.map((one) => ({ ...one, t: event.t })) : [],
)[0]!

test('an honest run with replicants passes but for the slope of a short drain, and nobody subscribes again', () => {
  for (const { id, outcome, sentence } of judge(base).findings)
    if (id !== 'eviction-slope' && id !== 'suback') assert.is(outcome, 'pass', `${id}: ${sentence}`)
})

test('cores that are taken away unevacuated count as drained by what EMQX says of their sessions', () => {
  assert.match(saysOf(base, 'drained-before-delete').sentence, /^4 pods were deleted, each after its last/)
  const held = changed(base, (event) =>
    event.type === 'nodes'
      ? {
          ...event,
          nodes: event.nodes.map((node) =>
            node.node === oldCore.node ? { ...node, connections: 90, liveConnections: 40 } : node,
          ),
        }
      : event,
  )
  const { outcome, sentence } = saysOf(held, 'drained-before-delete')
  assert.is(outcome, 'fail', sentence)
  assert.match(sentence, /still counted 40 connections and 90 sessions/)
  const unsaid = changed(base, (event) => (event.type === 'nodes' ? undefined : event))
  assert.is(saysOf(unsaid, 'drained-before-delete').outcome, 'inconclusive')
})

test('sessions are to go to the new replicants, and to no core', () => {
  const told = changed(base, (event) =>
    event.type === 'evacuation'
      ? {
          ...event,
          evacuations: event.evacuations.map((one) => ({
            ...one,
            recipients: [...one.recipients, newCore.node],
          })),
        }
      : event,
  )
  const { outcome, sentence } = saysOf(told, 'status-shape')
  assert.is(outcome, 'fail')
  assert.match(sentence, new RegExp(`sessions are to go to ${newCore.name}, not to the new set`))
})

test('a Service that leads to cores as well does not point at exactly the new set', () => {
  const led = changed(base, (event) =>
    event.type === 'endpoints' ? { ...event, ready: [...event.ready, newCore.name].sort() } : event,
  )
  // Whoever landed on a replicant says nothing for it: with so few clients chance could do that.
  assert.is.not(saysOf(led, 'switch-before-evict').outcome, 'pass')
})

test('an old core that goes before the old replicants have had their turn is out of order', () => {
  const early = moved(base, oldCore.name, firstEvacuated.t - 5 * S)
  const { outcome, sentence } = saysOf(early, 'evacuation-serial')
  assert.is(outcome, 'fail', sentence)
  assert.match(sentence, new RegExp(`Pod ${oldCore.name} was deleted .*still depended on it`))
})

test('of a ReplicaSet the greatest name comes first', () => {
  const replicants = [
    ...new Set(pods.filter((pod) => pod.role === 'replicant' && !isNew(pod)).map(({ node }) => node)),
  ]
  const [a = '', b = ''] = replicants.filter((node) => node !== '')
  const swap = (node: string) => (node === a ? b : node === b ? a : node)
  const swapped = changed(
    base,
    (event): RecordEvent =>
      event.type === 'evacuation'
        ? { ...event, evacuations: event.evacuations.map((one) => ({ ...one, node: swap(one.node) })) }
        : event,
  )
  const { outcome, sentence } = saysOf(
    { ...swapped, clients: { ...swapped.clients, length: 0 } },
    'evacuation-serial',
  )
  assert.is(outcome, 'fail', sentence)
  assert.match(sentence, /in a ReplicaSet, the pod with the greatest name goes first/)
})

/** The record in which one pod's deletion was heard of at `t`. */
function moved(record: RunRecord, pod: string, t: number): RunRecord {
  return changed(record, (event) =>
    event.type === 'pod' && event.name === pod && (event.deleting || event.deleted) ? { ...event, t } : event,
  )
}

test.run()
