import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { ControllerRevision, Pod, StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import { planSteps } from '#weir/testbed/controllers/statefulset/plan.ts'
import { canonicalText } from '#weir/testbed/controllers/statefulset/revisions.ts'
import { statusOf } from '#weir/testbed/controllers/statefulset/status.ts'
import { safeHash } from '#weir/testbed/runtime/hash.ts'

const NOW = Date.parse('2026-01-01T00:00:00Z')
const revision = (name: string) =>
  ({ metadata: { name }, revision: 1, data: {} }) as unknown as ControllerRevision
const both = { current: revision('old'), update: revision('new'), collisionCount: 0 }

interface PodFacts {
  ordinal: number
  revision: 'old' | 'new'
  isReady: boolean
  isTerminating: boolean
  phase: 'Pending' | 'Running' | 'Failed'
}

const podOf = (facts: PodFacts): Pod => ({
  metadata: {
    name: `ee-${facts.ordinal}`,
    labels: { 'controller-revision-hash': facts.revision },
    ...(facts.isTerminating && { deletionTimestamp: '2026-01-01T00:00:00Z' }),
  },
  spec: { containers: [] },
  status: {
    phase: facts.phase,
    conditions: [{ type: 'Ready', status: facts.isReady && facts.phase === 'Running' ? 'True' : 'False' }],
  },
})

const setOf = (replicas: number, policy: string): StatefulSet => ({
  metadata: { name: 'ee' },
  spec: {
    replicas,
    podManagementPolicy: policy,
    selector: {},
    template: { spec: { containers: [] } },
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
  },
})

const facts: fc.Arbitrary<PodFacts> = fc.record({
  ordinal: fc.integer({ min: 0, max: 5 }),
  revision: fc.constantFrom('old' as const, 'new' as const),
  isReady: fc.boolean(),
  isTerminating: fc.boolean(),
  phase: fc.constantFrom('Pending' as const, 'Running' as const, 'Failed' as const),
})
const pods = fc.uniqueArray(facts, { selector: (each) => each.ordinal, maxLength: 6 })
const policy = fc.constantFrom('Parallel', 'OrderedReady')
const replicas = fc.integer({ min: 0, max: 5 })

/** Steps as "create 1" and "scale ee-4". */
const shown = (set: StatefulSet, given: PodFacts[]) =>
  planSteps(set, given.map(podOf), both, NOW).map((step) =>
    step.do === 'create' ? `create ${step.ordinal}` : `${step.reason} ${step.pod.metadata.name}`,
  )

test('whatever the pods are: nothing is made twice, nothing dying is killed, at most one pod is replaced', () => {
  fc.assert(
    fc.property(pods, replicas, policy, (given, wanted, how) => {
      const steps = planSteps(setOf(wanted, how), given.map(podOf), both, NOW)
      const names = steps.map((step) =>
        step.do === 'create' ? `ee-${step.ordinal}` : step.pod.metadata.name,
      )
      assert.is(new Set(names).size, names.length)
      const existing = new Set(given.map(({ ordinal }) => ordinal))
      for (const step of steps)
        if (step.do === 'create') assert.ok(!existing.has(step.ordinal) && step.ordinal < wanted)
        else assert.is(step.pod.metadata.deletionTimestamp, undefined)
      assert.ok(steps.filter((step) => step.do === 'delete' && step.reason === 'update').length <= 1)
      if (how === 'OrderedReady') assert.ok(steps.length <= 1)
    }),
  )
})

test('whatever the pods are: a set without trouble and without work has no steps, and steps lead there', () => {
  fc.assert(
    fc.property(pods, replicas, policy, (given, wanted, how) => {
      // As in Kubernetes, an ordered scale-in waits for surplus pods to be up, which failed ones never are.
      fc.pre(how === 'Parallel' || !given.some((pod) => pod.phase === 'Failed' && pod.ordinal >= wanted))
      const set = setOf(wanted, how)
      let now = given
      for (let round = 0; ; round++) {
        assert.ok(round < 40, 'it comes to rest')
        const steps = planSteps(set, now.map(podOf), both, NOW)
        const going = new Set(steps.map((step) => (step.do === 'delete' ? step.pod.metadata.name : '')))
        // The kubelet: what was dying is gone, what was told to die is dying, all else runs and is ready.
        const kept = now
          .filter((pod) => !pod.isTerminating)
          .map((pod) => {
            if (going.has(`ee-${pod.ordinal}`)) return { ...pod, isTerminating: true }
            return pod.phase === 'Failed' ? pod : { ...pod, isReady: true, phase: 'Running' as const }
          })
        const made = steps.flatMap((step): PodFacts[] =>
          step.do === 'create'
            ? [
                {
                  ordinal: step.ordinal,
                  revision: step.revision === 'update' ? 'new' : 'old',
                  isReady: false,
                  isTerminating: false,
                  phase: 'Pending',
                },
              ]
            : [],
        )
        const next = [...kept, ...made]
        if (steps.length === 0 && JSON.stringify(next) === JSON.stringify(now)) break
        now = next
      }
      assert.equal(
        now.map(({ ordinal }) => ordinal).sort(),
        Array.from({ length: wanted }, (_, i) => i),
      )
      assert.ok(now.every((pod) => pod.isReady && pod.revision === 'new'))
    }),
  )
})

const up = (ordinal: number, of: 'old' | 'new' = 'new'): PodFacts => ({
  ordinal,
  revision: of,
  isReady: true,
  isTerminating: false,
  phase: 'Running',
})

test('Parallel makes and removes all at once, the highest first', () => {
  assert.equal(shown(setOf(3, 'Parallel'), []), ['create 0', 'create 1', 'create 2'])
  assert.equal(
    shown(
      setOf(1, 'Parallel'),
      [0, 1, 2, 3].map((i) => up(i)),
    ),
    ['scale ee-3', 'scale ee-2', 'scale ee-1'],
  )
})

test('OrderedReady makes one, and waits for it', () => {
  assert.equal(shown(setOf(3, 'OrderedReady'), []), ['create 0'])
  assert.equal(shown(setOf(3, 'OrderedReady'), [{ ...up(0), isReady: false }]), [])
  assert.equal(shown(setOf(3, 'OrderedReady'), [up(0)]), ['create 1'])
})

test('an update takes the highest outdated pod, once all above are up', () => {
  assert.equal(shown(setOf(3, 'Parallel'), [up(0, 'old'), up(1, 'old'), up(2)]), ['update ee-1'])
  assert.equal(shown(setOf(3, 'Parallel'), [up(0, 'old'), up(1, 'old'), { ...up(2), isReady: false }]), [])
})

test('the status never counts a dying pod as current or updated', () => {
  fc.assert(
    fc.property(pods, replicas, (given, wanted) => {
      const status = statusOf(setOf(wanted, 'Parallel'), given.map(podOf), both, NOW)
      const staying = given.filter((pod) => !pod.isTerminating)
      assert.is(status.replicas, given.length)
      assert.ok((status.updatedReplicas ?? 0) === staying.filter((pod) => pod.revision === 'new').length)
      for (const count of [status.readyReplicas, status.currentReplicas, status.updatedReplicas])
        assert.is.not(count, 0)
    }),
  )
})

test('the hash depends on what a template says, not on the order in which it says it', () => {
  assert.is(canonicalText({ a: 1, b: { c: 2, d: undefined } }), canonicalText({ b: { c: 2 }, a: 1 }))
  assert.is.not(safeHash(Buffer.from('a')), safeHash(Buffer.from('b')))
  fc.assert(
    fc.property(fc.string(), (text) => {
      assert.match(safeHash(Buffer.from(text)), /^[bcdfghjklmnpqrstvwxz2456789]{1,10}$/)
    }),
  )
})

test.run()
