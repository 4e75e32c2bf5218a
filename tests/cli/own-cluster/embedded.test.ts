/** A cluster of one's own, from RBAC to verdict: the embedded cluster, as a user with exactly deploy/rbac.yaml's rights. */
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { readRecord } from '#weir/record/index.ts'
import { once, weirProcess } from '../weir-process.ts'
import { startOwnCluster } from './own-cluster.ts'

const CLIENTS = 60
const SCENARIO = 'blue-green-v5-quick'

/** The user's own resource, which differs from the scenario's manifest: weir must take it as it is. */
const own = await startOwnCluster(
  {
    scenario: SCENARIO,
    set: [
      'cluster.manifest.metadata.name=mine',
      'cluster.manifest.spec.coreTemplate.spec.replicas=2',
      'cluster.manifest.spec.updateStrategy.evacuationStrategy.connEvictRate=40',
    ],
    resource: resources.emqxes,
  },
  { operator: '2.2.29', healthCheckWaitSeconds: 1 },
)
const { admin, dir } = own
test.after(own.close)

const read = () => admin.get(resources.emqxes, 'default', 'mine')
const bindings = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  plural: 'rolebindings',
  kind: 'RoleBinding',
}

const kubeconfig = await own.asWeir()
await own.settled()

/** What of an update does not depend on the testbed's shortened wait for health checks. */
const ASSERTS = '[conservation, hops, landing, refusals, session-kept, all-new, drained-before-delete]'
const run = (out: string, ...more: string[]) => [
  'run',
  SCENARIO,
  ...['--kubeconfig', kubeconfig, '--yes', '--out', join(dir, out)],
  ...['--set', `fleet.clients=${CLIENTS}`, '--set', `assert=${ASSERTS}`],
  ...more,
]

test('doctor: the rights of deploy/rbac.yaml are enough, and nothing else is missing', async () => {
  const { code, stdout } = await weirProcess(['doctor', SCENARIO, '--kubeconfig', kubeconfig])
  assert.is(code, 0, stdout)
  assert.match(stdout, /known as system:serviceaccount:default:weir/)
  assert.match(stdout, /40 connections and 100 sessions per second/)
  // How busy the machine is, is told as well, and is nothing of the cluster's.
  assert.not.match(stdout, /^(MISSING|unknown|warning)(?! +CPUs)/m)
})

test('run: only the version is changed, and nobody but weir’s own clients is touched', async () => {
  const before = await read()
  const { code, stdout, stderr } = await weirProcess(run('run'))
  assert.is(code, 0, stdout + stderr)
  const after = await read()
  const image = (one: KubeObject) => (one.spec as { image: string }).image
  assert.is(image(before), 'emqx/emqx-enterprise:5.8.6')
  assert.is(image(after), 'emqx/emqx-enterprise:5.8.7')
  assert.equal({ ...(after.spec as object), image: '' }, { ...(before.spec as object), image: '' })

  const { manifest, events } = await readRecord(join(dir, 'run'))
  assert.match(
    manifest.notes[0] ?? '',
    /The user's own cluster: EMQX default\/mine on http:\/\/127\.[\d.:]+, EMQX Operator 2\.2\.29/,
  )
  assert.is(manifest.parameters?.nodes, 2, 'the numbers are those of the resource that is there')
  assert.is(manifest.parameters?.connEvictRate, 40)
  assert.is(manifest.parameters?.dialect.operator, '2.2.29')
  const audit = events.flatMap((event) => (event.type === 'action' ? [`${event.action} ${event.phase}`] : []))
  assert.equal(audit, [
    'apply start',
    'apply done',
    'start-fleet start',
    'start-fleet done',
    'upgrade start',
    'upgrade done',
  ])
  const taken = events.find((event) => event.type === 'action' && event.phase === 'done')
  assert.match(
    (taken?.type === 'action' && taken.detail) || '',
    /used unchanged, generation \d+: nothing was written/,
  )
})

test('the fleet leaves no session behind', async () => {
  assert.equal(await own.clients(''), { connected: [], detached: [] })
  const { events } = await readRecord(join(dir, 'run'))
  const notes = events.flatMap((event) => (event.type === 'note' ? [event.text] : []))
  assert.ok(notes.includes(`sessions ended by a clean connect: ${CLIENTS / 4}`), notes.join('\n'))
})

test('observe: somebody else’s change is noticed, followed to its end, and judged without a client', async () => {
  const { stdout, stderr } = await weirProcess(
    ['observe', '--kubeconfig', kubeconfig, '--hold', '2', '--out', join(dir, 'observe')],
    once('  change-begun', () => void own.change({ image: 'emqx/emqx-enterprise:5.8.8' })),
  )
  const { manifest, events, fleet } = await readRecord(join(dir, 'observe'))
  assert.is(manifest.end?.how, 'completed', stderr)
  assert.is(manifest.parameters?.targetVersion, '5.8.8')
  assert.equal(fleet.ids, [])
  const marks = events.flatMap((event) => (event.type === 'mark' ? [event.name] : []))
  assert.equal(marks, ['cluster-ready', 'trigger', 'upgrade-done', 'hold-start', 'hold-end'])
  const trigger = events.find((event) => event.type === 'mark' && event.name === 'trigger')?.t ?? 0
  const fresh = events.find(
    (event) => event.type === 'set' && event.t > 0 && event.specReplicas > 0 && event.t >= trigger,
  )
  assert.ok(fresh, 'the trigger stands before the set that was made for it')
  assert.not.ok(
    events.some((event) => event.type === 'action' || event.type === 'listing' || event.type === 'probe'),
  )
  assert.not.match(stdout, /conservation|hops|landing/, 'what only clients can answer is not asked')
  const outcomes = new Map(
    [...stdout.matchAll(/^ *(pass|fail|inconclusive) +([a-z-]+) /gm)].map(([, outcome, id]) => [id, outcome]),
  )
  assert.equal([...outcomes.keys()].toSorted(), [
    'addresses-kept',
    'all-new',
    'drained-before-delete',
    'duration',
    'evacuation-serial',
    'evacuation-states',
    'harness-healthy',
    'status-shape',
    'status-truth',
    'switch-before-evict',
  ])
  for (const [id, outcome] of outcomes) {
    // This cluster does not wait 60 s for health checks; how busy the machine is does not matter here.
    if (id === 'evacuation-states') assert.is.not(outcome, 'pass')
    else assert.is.not(outcome, 'fail', stdout)
  }
  for (const id of ['all-new', 'drained-before-delete']) assert.is(outcomes.get(id), 'pass', stdout)
})

test('a permission that goes half-way: the record is closed and judged, and nobody can tell', async () => {
  const take = () => void admin.delete({ ...bindings, namespaced: true }, 'default', 'weir-change')
  const { code, stdout } = await weirProcess(run('halfway', '--to', '5.8.9'), once('  hold  ', take))
  const { manifest, events } = await readRecord(join(dir, 'halfway'))
  assert.is(manifest.end?.how, 'failed')
  assert.match(manifest.end?.reason ?? '', /cannot patch resource "emqxes"/)
  const last = events.findLast((event) => event.type === 'action')
  assert.is(last?.type === 'action' && last.phase, 'refused')
  assert.is(code, 3, stdout)
  assert.match(stdout, /^INCONCLUSIVE /)
  assert.not.match(stdout, /^ *(pass|fail) /m)
  assert.is(((await read()).spec as { image: string }).image, 'emqx/emqx-enterprise:5.8.8')
})

test.run()
