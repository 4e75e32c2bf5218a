import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Seen } from '../bed.ts'
import { type Deployed, emulated, type Plan } from './emulated.ts'
import {
  availableAt,
  connectedBefore,
  gatesAtTheEnd,
  isMoving,
  ordinalOf,
  shrinksOf,
  startsOf,
  statesUntil,
  statusesOf,
  switchedAt,
} from './story.ts'

const DELAY_SECONDS = 5
const RATE = 4
const NEW_IMAGE = { image: 'emqx/emqx-enterprise:5.8.7' }

const plan = (fault: string): Plan => ({
  cores: 2,
  delaySeconds: DELAY_SECONDS,
  waitTakeoverSeconds: 1,
  rate: RATE,
  healthCheckWaitSeconds: 2,
  faults: fault === 'none' ? [] : [fault],
  isImpatient: true,
})

async function upgrade(cluster: Deployed, podsAtTheEnd: number): Promise<void> {
  await cluster.connect(32)
  await cluster.change(NEW_IMAGE)
  await cluster.ready(podsAtTheEnd)
}

/** One upgrade for each fault, and an honest one: whatever is said of a fault must not be true of that. */
const FAULTS = [
  'none',
  'parallel-evacuation',
  'wrong-order',
  'no-initial-delay',
  'switch-late',
  'delete-undrained',
  'half-upgrade',
  'status-early',
  'wrong-recipients',
] as const
type Fault = (typeof FAULTS)[number]

const test = suite<{ runs: Map<Fault, Seen> }>('v2beta1 faults', { runs: new Map() })

/** Side by side: every testbed has addresses of its own. */
const emulations = FAULTS.map(async (fault): Promise<[Fault, Seen]> => {
  const left = fault === 'half-upgrade' ? 3 : 2
  return [fault, await emulated(plan(fault), (cluster) => upgrade(cluster, left))]
})
const done = Promise.all(emulations)
// Told by the suite, which may begin later.
done.catch(() => {})

test.before(async ({ runs }) => {
  for (const [fault, seen] of await done) runs.set(fault, seen)
})

/** Holds of the run with the fault, and not of the honest one. */
function only(fault: Fault, what: string, holds: (seen: Seen) => boolean): void {
  test(`${fault}: ${what}`, ({ runs }) => {
    assert.is(holds(runs.get(fault)!), true)
    assert.is(holds(runs.get('none')!), false)
  })
}

test('none: highest ordinal first, each evacuated to the end before it goes, to the new nodes', ({
  runs,
}) => {
  const seen = runs.get('none')!
  const starts = startsOf(seen)
  const shrinks = shrinksOf(seen, 'StatefulSet')
  assert.equal(
    starts.map(({ node }) => ordinalOf(node)),
    [1, 0],
  )
  assert.equal(
    shrinks.map(({ to }) => to),
    [1, 0],
  )
  starts.forEach(({ node, migrateTo }, index) => {
    assert.ok(statesUntil(seen, node, shrinks[index]!.t).includes('prohibiting'))
    assert.is(migrateTo.length, 2)
  })
  assert.ok(starts[0]!.t - availableAt(seen) > DELAY_SECONDS)
  assert.ok(starts[0]!.t > switchedAt(seen))
})

only('parallel-evacuation', 'the next evacuation starts before the first pod is gone', (seen) => {
  const [, second] = startsOf(seen)
  return second!.t < shrinksOf(seen, 'StatefulSet')[0]!.t
})

only(
  'wrong-order',
  'the lowest ordinal is evacuated first',
  (seen) => ordinalOf(startsOf(seen)[0]!.node) === 0,
)

test('wrong-order: still one at a time, and all of them', ({ runs }) => {
  const seen = runs.get('wrong-order')!
  const [first, second, ...others] = startsOf(seen)
  assert.equal(others, [])
  assert.ok(statesUntil(seen, first!.node, second!.t).includes('prohibiting'))
  assert.ok(second!.t < shrinksOf(seen, 'StatefulSet')[0]!.t)
})

only('no-initial-delay', 'the first evacuation starts with the switch, and not before', (seen) => {
  const [first] = startsOf(seen)
  return first!.t > switchedAt(seen) && first!.t - availableAt(seen) < DELAY_SECONDS
})

only('switch-late', 'old pods are in the Service until they are deleted', (seen) => {
  const gates = gatesAtTheEnd(seen).map(({ gate }) => gate)
  return gates.length === 2 && gates.every((gate) => gate === 'True')
})

only('delete-undrained', 'the first pod is deleted with less than a tick of connections left', (seen) => {
  const [first] = startsOf(seen)
  const [shrink] = shrinksOf(seen, 'StatefulSet')
  const states = statesUntil(seen, first!.node, shrink!.t)
  const left = connectedBefore(seen, first!.node, shrink!.t) ?? 0
  return states.at(-1) === 'evicting_conns' && left > 0
})

test('delete-undrained: the other one is drained', ({ runs }) => {
  const seen = runs.get('delete-undrained')!
  const second = startsOf(seen).at(-1)!
  assert.is(ordinalOf(second.node), 0)
  assert.ok(statesUntil(seen, second.node, Number.POSITIVE_INFINITY).includes('prohibiting'))
})

only('half-upgrade', 'the last old node is never evacuated, and the resource is content', (seen) => {
  const last = statusesOf(seen).at(-1)!.status
  const isContent = last.conditions?.[0]?.type === 'Ready' && !isMoving(last) && last.coreNodes?.length === 2
  return startsOf(seen).length === 1 && shrinksOf(seen, 'StatefulSet').length === 1 && isContent
})

only(
  'status-early',
  'between the first evacuation and the end the resource says that it is settled',
  (seen) => {
    const [first] = startsOf(seen)
    const last = shrinksOf(seen, 'StatefulSet').at(-1)!
    return statusesOf(seen).some(
      ({ t, status }) =>
        t > first!.t &&
        t < last.t &&
        status.conditions?.[0]?.type === 'Ready' &&
        !isMoving(status) &&
        status.nodeEvacuationsStatus === undefined &&
        status.coreNodes?.length === 2,
    )
  },
)

test('status-early: the upgrade goes on all the same, and the truth comes out', ({ runs }) => {
  const seen = runs.get('status-early')!
  assert.is(startsOf(seen).length, 2)
  assert.is(shrinksOf(seen, 'StatefulSet').length, 2)
})

only('wrong-recipients', 'sessions of the first node are to go to the other old one', (seen) => {
  const [first, second] = startsOf(seen)
  return first!.migrateTo.length === 1 && first!.migrateTo[0] === second!.node
})

test.run()
