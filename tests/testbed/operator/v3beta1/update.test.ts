/** The emulated operator of v3beta1, as its source reads: pods are replaced one by one, each evacuated first. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Seen } from '../bed.ts'
import { type Deployed, deletions, emulated, evacuations, mostAtOnce, type Plan } from './emulated.ts'

const CORES = ['emqx-core-2', 'emqx-core-1', 'emqx-core-0']

interface Story {
  seen: Seen
  notes: Record<string, unknown>
}

/** All clusters run side by side, from the moment of the import. */
function story(
  plan: Plan,
  work: (cluster: Deployed, notes: Story['notes']) => Promise<void>,
): Promise<Story> {
  const notes: Story['notes'] = {}
  const done = emulated(plan, (cluster) => work(cluster, notes)).then((seen) => ({ seen, notes }))
  // Told by the suite, which may begin later.
  done.catch(() => {})
  return done
}

const NEW = { image: 'emqx/emqx:6.2.2' }

const cores = story({ cores: 3, rate: 20 }, async (cluster, notes) => {
  await cluster.connect(60)
  await cluster.change(NEW)
  await cluster.ready()
  notes.images = cluster.pods('core').map(({ spec }) => spec.containers[0]?.image)
  notes.sets = cluster.sets().map(({ metadata }) => metadata.name)
  notes.connections = cluster.cr().status?.coreNodes?.map(({ connections }) => connections)
  notes.evacuations = cluster.cr().status?.nodeEvacuations
  await cluster.change({ coreTemplate: { spec: { replicas: 2 } } })
  await cluster.ready()
  notes.scaledIn = cluster
    .pods('core')
    .map(({ metadata }) => metadata.name)
    .sort()
})

const replicants = story({ cores: 2, replicants: 3, maxUnavailable: 2, rate: 10 }, async (cluster, notes) => {
  await cluster.connect(60)
  await cluster.change(NEW)
  await cluster.ready()
  notes.images = [...cluster.pods('core'), ...cluster.pods('replicant')].map(
    ({ spec }) => spec.containers[0]?.image,
  )
  notes.replicants = cluster.pods('replicant').length
})

const disabled = story({ cores: 2, rate: 20, type: 'Disabled' }, async (cluster) => {
  await cluster.connect(10)
  await cluster.change(NEW)
  await cluster.ready()
})

const test = suite<{ cores: Story; replicants: Story; disabled: Story }>('v3beta1')

test.before(async (context) => {
  Object.assign(context, {
    cores: await cores,
    replicants: await replicants,
    disabled: await disabled,
  })
})

test('cores are evacuated and replaced from the highest, and what is left of each evacuation is ended', (all) => {
  const { seen } = all.cores
  const told = evacuations(seen)
  const ofUpdate = CORES.flatMap((core) => [`${core} started`, `${core} stopped`])
  assert.equal(told.slice(0, ofUpdate.length), ofUpdate)
  assert.equal(deletions(seen).slice(0, CORES.length), CORES)
  assert.is(mostAtOnce(seen), 1)
})

test('there is one set of cores before and after, of the new version, with all clients and no evacuation', (all) => {
  const { notes } = all.cores
  assert.equal(
    notes.images,
    CORES.map(() => NEW.image),
  )
  assert.equal(notes.sets, ['emqx-core'])
  assert.is(
    (notes.connections as number[]).reduce((sum, one) => sum + one, 0),
    60,
  )
  assert.equal(notes.evacuations ?? [], [])
})

test('a request names the waits unless they are EMQX’s own, and every other core, updated or not', (all) => {
  const starts = all.cores.seen.requests.filter(({ path }) => path.endsWith('/evacuation/start'))
  const bodies = starts.map(({ body = '{}' }) => JSON.parse(body) as Record<string, unknown>)
  for (const body of bodies) {
    assert.is(body.conn_evict_rate, 20)
    assert.is(body.wait_health_check, '2s')
    assert.is(body.wait_takeover, 1)
  }
  assert.equal(
    bodies.slice(0, 3).map(({ migrate_to: to }) => (to as string[]).length),
    [2, 2, 2],
  )
})

test('a core that is scaled away is evacuated first', (all) => {
  const { seen, notes } = all.cores
  assert.is(evacuations(seen)[2 * CORES.length], 'emqx-core-2 started')
  assert.equal(notes.scaledIn, ['emqx-core-0', 'emqx-core-1'])
})

test('of the replicants as many are evacuated at once as may be away', (all) => {
  const { seen, notes } = all.replicants
  assert.is(mostAtOnce(seen), 2)
  assert.is(notes.replicants, 3)
  assert.equal(new Set(notes.images as string[]), new Set([NEW.image]))
})

test('without evacuation pods are replaced as they are', (all) => {
  const { seen } = all.disabled
  assert.equal(evacuations(seen), [])
  assert.equal(deletions(seen), ['emqx-core-1', 'emqx-core-0'])
})

test.run()
