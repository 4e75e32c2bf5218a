import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { KubeObject } from '../../../../cluster/kubernetes/types.ts'
import { DELETION_COST } from '../../../../testbed/operator/emqx5/names.ts'
import type { Seen } from '../bed.ts'
import { emulated, type Plan } from './emulated.ts'
import { availableAt, gatesAtTheEnd, shrinksOf, startsOf, statusesOf, switchedAt } from './story.ts'

const WAIT_SECONDS = 4

const test = suite<{ seen: Seen; upgradeAt: number }>('v2beta1 replicants', {
  seen: { watch: [], requests: [] },
  upgradeAt: 0,
})

const plan: Plan = {
  cores: 2,
  replicants: 2,
  delaySeconds: 2,
  waitTakeoverSeconds: WAIT_SECONDS,
  rate: 10,
  healthCheckWaitSeconds: 2,
  isImpatient: true,
}

async function run(): Promise<{ seen: Seen; upgradeAt: number }> {
  let upgradeAt = 0
  const seen = await emulated(plan, async (cluster) => {
    await cluster.connect(20)
    upgradeAt = Date.now() / 1000
    await cluster.change({ image: 'emqx/emqx-enterprise:5.8.7' })
    await cluster.ready(4)
    await cluster.remove()
  })
  return { seen, upgradeAt }
}

const done = run()
// Told by the suite, which may begin later.
done.catch(() => {})

test.before(async (context) => {
  Object.assign(context, await done)
})

const created = (seen: Seen, kind: string): number[] =>
  seen.watch.filter((line) => line.kind === kind && line.type === 'ADDED').map(({ t }) => t)

test('new cores come first, and new replicants once these are ready', ({ seen }) => {
  const [, cores] = created(seen, 'StatefulSet')
  const [, replicants] = created(seen, 'ReplicaSet')
  const ready = statusesOf(seen).find(
    ({ t, status }) => t > cores! && status.conditions?.[0]?.type === 'CoreNodesReady',
  )
  assert.ok(cores! < ready!.t && ready!.t <= replicants!)
})

test('the Service of MQTT clients never publishes a core once there are replicants', ({
  seen,
  upgradeAt,
}) => {
  const published = seen.watch
    .filter(
      ({ t, kind, object }) =>
        kind === 'Endpoints' && object.metadata.name === 'emqx-listeners' && t > upgradeAt,
    )
    .flatMap(
      ({ object }) =>
        (object as KubeObject & { subsets?: { addresses?: { targetRef: { name: string } }[] }[] }).subsets ??
        [],
    )
    .flatMap(({ addresses = [] }) => addresses.map(({ targetRef }) => targetRef.name))
  assert.ok(published.length > 0)
  assert.equal(
    published.filter((name) => !name.startsWith('emqx-replicant-')),
    [],
  )
})

test('all old pods, cores too, are shut out when the resource is Available', ({ seen }) => {
  const gates = gatesAtTheEnd(seen).slice(0, 4)
  assert.equal(
    gates.map(({ gate }) => gate),
    ['False', 'False', 'False', 'False'],
  )
  assert.ok(switchedAt(seen) > availableAt(seen))
})

test('replicants are evacuated, greatest name first, to the new replicants; cores are not', ({ seen }) => {
  const starts = startsOf(seen)
  const byIp = new Map(
    seen.watch
      .filter(({ kind }) => kind === 'Pod')
      .map(({ object }) => [
        `emqx@${(object as { status?: { podIP?: string } } & KubeObject).status?.podIP}`,
        object.metadata.name,
      ]),
  )
  const names = starts.map(({ node }) => byIp.get(node) ?? node)
  assert.is(names.length, 2)
  assert.equal(names, names.toSorted().reverse())
  for (const { migrateTo } of starts) {
    assert.is(migrateTo.length, 2)
    for (const node of migrateTo) assert.match(byIp.get(node) ?? '', /^emqx-replicant-/)
    assert.not(migrateTo.some((node) => names.includes(byIp.get(node) ?? '')))
  }
})

test('the evacuated replicant is the one that goes: it was made the cheapest', ({ seen }) => {
  const starts = startsOf(seen)
  const going = seen.watch.filter(
    ({ kind, object }) => kind === 'Pod' && object.metadata.annotations?.[DELETION_COST] === '-99999',
  )
  const nodes = new Set(
    going.map(
      ({ object }) => `emqx@${(object as { status?: { podIP?: string } } & KubeObject).status?.podIP}`,
    ),
  )
  assert.equal(
    [...nodes],
    starts.map(({ node }) => node),
  )
  assert.equal(
    shrinksOf(seen, 'ReplicaSet').map(({ to }) => to),
    [1, 0],
  )
})

test('cores without sessions go after the replicants, without an evacuation, waitTakeover apart', ({
  seen,
}) => {
  const cores = shrinksOf(seen, 'StatefulSet')
  const replicants = shrinksOf(seen, 'ReplicaSet')
  assert.equal(
    cores.map(({ to }) => to),
    [1, 0],
  )
  assert.ok(cores[0]!.t > replicants.at(-1)!.t)
  const apart = cores[1]!.t - cores[0]!.t
  // More whole seconds than waitTakeover since the Event of the first, whose time has whole seconds; then a pass.
  assert.ok(apart > WAIT_SECONDS, `${apart} s`)
  assert.ok(startsOf(seen).every(({ node }) => !node.includes('-core-')))
})

test('nothing is left of the resource', ({ seen }) => {
  const kinds = new Set(['CR', 'StatefulSet', 'ReplicaSet', 'Service', 'Pod'])
  const alive = new Set<string>()
  for (const { kind, type, object } of seen.watch) {
    if (!kinds.has(kind) || object.metadata.name === 'kubernetes') continue
    const key = `${kind}/${object.metadata.name}`
    if (type === 'DELETED') alive.delete(key)
    else alive.add(key)
  }
  assert.equal([...alive], [])
})

test.run()
