import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import type { Seen } from '../bed.ts'
import { until } from '../listen.ts'
import { emulated, type Plan } from './emulated.ts'
import { shrinksOf, startsOf, statusesOf } from './story.ts'

const DELAY_SECONDS = 4

const plan: Plan = {
  cores: 2,
  delaySeconds: DELAY_SECONDS,
  waitTakeoverSeconds: 1,
  rate: 10,
  healthCheckWaitSeconds: 1,
  isImpatient: true,
}

/** The first image comes back while nodes are being drained (docs/contract/operator.md#v2beta1-drain). */
const done = emulated(plan, async (cluster) => {
  await cluster.connect(20)
  await cluster.change({ image: 'emqx/emqx-enterprise:5.8.7' })
  await until('the first evacuation', () => startsOf(cluster).length > 0)
  await cluster.change({ image: 'emqx/emqx-enterprise:5.8.6' })
  await cluster.ready(2)
})
// Told by the suite, which may begin later.
done.catch(() => {})

const test = suite<{ seen: Seen; sets: string[] }>('v2beta1 reverts', {
  seen: { watch: [], requests: [] },
  sets: [],
})
test.before(async (context) => {
  context.seen = await done
  const added = context.seen.watch.filter(({ kind, type }) => kind === 'StatefulSet' && type === 'ADDED')
  context.sets = added.map(({ object }) => object.metadata.name)
})

interface Container {
  image: string
}

function imageOf({ watch }: Seen, set: string): string | undefined {
  const found = watch.find(({ kind, object }) => kind === 'StatefulSet' && object.metadata.name === set)!
  const { containers } = (found.object as StatefulSet).spec.template.spec as { containers: Container[] }
  return containers[0]?.image
}

test('a third set is made, of the first template under another name', ({ seen, sets }) => {
  assert.is(sets.length, 3)
  assert.is(new Set(sets).size, 3)
  assert.is(imageOf(seen, sets[2]!), imageOf(seen, sets[0]!))
  assert.is(statusesOf(seen).at(-1)?.status.coreNodesStatus?.collisionCount, 1)
})

test('the first set is drained, then the second, both into the third', ({ seen, sets }) => {
  const [first, second, third] = sets
  const starts = startsOf(seen)
  const ofSet = (node: string) => sets.find((set) => node.includes(`@${set}-`))
  const order = starts.map(({ node }) => ofSet(node)).filter((set, index, all) => set !== all[index - 1])
  assert.equal(order, [first, second])
  const later = starts.filter(({ node }) => ofSet(node) === second)
  for (const { migrateTo } of later) assert.equal([...new Set(migrateTo.map(ofSet))], [third])
})

test('no new delay comes before the second', ({ seen, sets }) => {
  const second = startsOf(seen).find(({ node }) => node.includes(`@${sets[1]}-`))!
  const before = shrinksOf(seen, 'StatefulSet').filter(({ t }) => t < second.t)
  assert.ok(second.t - before.at(-1)!.t <= DELAY_SECONDS, 'it follows the last pod of the first')
})

test('in the end only the third has pods', ({ seen, sets }) => {
  const sizes = new Map<string, number>()
  for (const { kind, object } of seen.watch)
    if (kind === 'StatefulSet') sizes.set(object.metadata.name, (object as StatefulSet).spec.replicas)
  assert.equal(
    sets.map((set) => sizes.get(set)),
    [0, 0, 2],
  )
})

test.run()
