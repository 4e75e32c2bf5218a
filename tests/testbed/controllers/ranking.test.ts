import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Pod } from '#weir/cluster/kubernetes/kinds.ts'
import { byDispensability } from '#weir/testbed/controllers/replicaset/ranking.ts'

const COST = 'controller.kubernetes.io/pod-deletion-cost'
const NOW_MS = Date.parse('2026-11-24T12:00:00Z')
const ago = (seconds: number) => new Date(NOW_MS - seconds * 1000).toISOString()

interface Traits {
  node?: string
  phase?: string
  readyFor?: number
  cost?: string
  restarts?: number
  age?: number
}

const podOf = (name: string, traits: Traits): Pod => ({
  metadata: {
    name,
    uid: name,
    creationTimestamp: ago(traits.age ?? 1000),
    ...(traits.cost !== undefined && { annotations: { [COST]: traits.cost } }),
  },
  spec: { containers: [], ...(traits.node !== '' && { nodeName: traits.node ?? 'a' }) },
  status: {
    phase: traits.phase ?? 'Running',
    containerStatuses: [{ name: 'emqx', restartCount: traits.restarts ?? 0 }],
    conditions:
      traits.readyFor === undefined
        ? []
        : [{ type: 'Ready', status: 'True', lastTransitionTime: ago(traits.readyFor) }],
  },
})

/** In each pair the first goes before the second, whatever else speaks for it. */
const pairs: [what: string, goes: Traits, stays: Traits][] = [
  ['has no node', { node: '', readyFor: 900 }, { phase: 'Pending' }],
  ['does not run yet', { phase: 'Pending', cost: '100' }, {}],
  ['is not ready', { cost: '100' }, { readyFor: 1, cost: '-100' }],
  ['is cheaper', { readyFor: 900, cost: '-99999' }, { readyFor: 1, cost: '0' }],
  ['is without a price, which is 0', { readyFor: 900 }, { readyFor: 1, cost: '1' }],
  ['has a price that is no number, which is 0', { readyFor: 900, cost: '2x' }, { readyFor: 1, cost: '1' }],
  ['became ready later', { readyFor: 1, restarts: 0 }, { readyFor: 900, restarts: 9 }],
  ['restarted more', { readyFor: 900, restarts: 9, age: 5000 }, { readyFor: 900, restarts: 1, age: 1 }],
  ['is younger', { readyFor: 900, age: 1 }, { readyFor: 900, age: 5000 }],
]

for (const [what, goes, stays] of pairs)
  test(`of two pods the one goes first that ${what}`, () => {
    const pods = [podOf('a', stays), podOf('b', goes)]
    const order = pods.toSorted(byDispensability(pods, NOW_MS)).map(({ metadata }) => metadata.name)
    assert.equal(order, ['b', 'a'])
  })

test('of equal pods the one goes first whose node has more of them', () => {
  const pods = [
    podOf('a', { node: 'x', readyFor: 9 }),
    podOf('b', { node: 'y', readyFor: 9 }),
    podOf('c', { node: 'y', readyFor: 9 }),
  ]
  const order = pods.toSorted(byDispensability(pods, NOW_MS)).map(({ metadata }) => metadata.name)
  assert.equal(order, ['b', 'c', 'a'])
})

test.run()
