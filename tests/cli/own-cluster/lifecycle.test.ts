/** Stopping, starting and deleting a cluster of one's own, as a user with exactly deploy/rbac.yaml's rights. */
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { readRecord } from '#weir/record/index.ts'
import { weirProcess } from '../weir-process.ts'
import { startOwnCluster } from './own-cluster.ts'

const own = await startOwnCluster(
  {
    scenario: 'stop-start-v5',
    set: ['cluster.manifest.spec.coreTemplate.spec.replicas=2'],
    resource: resources.emqxes,
  },
  { operator: '2.2.29', healthCheckWaitSeconds: 1 },
)
test.after(own.close)
const kubeconfig = await own.asWeir()
await own.settled()

interface Spec {
  coreTemplate: { spec: { replicas: number } }
  updateStrategy: { initialDelaySeconds: number }
}
const read = () => own.admin.get<KubeObject & { spec: Spec }>(resources.emqxes, 'default', own.name)
const coresNow = async () => (await read()).spec.coreTemplate.spec.replicas
const maps = async () =>
  (await own.admin.list(resources.configMaps, { namespace: 'default' })).items.map(
    ({ metadata }) => metadata.name,
  )
let runs = 0
const dirOf = () => join(own.dir, `run-${++runs}`)
const ops = (out: string, ...args: string[]) =>
  weirProcess(['ops', ...args, '--out', out, '--kubeconfig', kubeconfig, '--yes'])

async function refused(args: string[], words: RegExp): Promise<void> {
  const before = await read()
  const out = dirOf()
  const { code, stderr } = await ops(out, ...args)
  assert.is(code, 6, stderr)
  assert.match(stderr, words)
  assert.is((await read()).metadata.resourceVersion, before.metadata.resourceVersion)
  const { manifest } = await readRecord(out)
  assert.match(manifest.end?.reason ?? '', words)
}

test('a deletion that is not confirmed by the exact name is refused, and nothing is stopped', async () => {
  await refused(['delete', 'EMQX'], /is not deleted \(rule confirmation\): its name is emqx, not EMQX/)
  await refused(['delete', 'emq'], /rule confirmation/)
  const { code, stderr } = await weirProcess(['ops', 'delete', '--kubeconfig', kubeconfig, '--yes'])
  assert.is(code, 2, stderr)
})

test('without a confirmation of the plan nothing is deleted', async () => {
  const before = await read()
  const { code, stderr } = await weirProcess([
    'ops',
    'delete',
    'emqx',
    '--kubeconfig',
    kubeconfig,
    '--out',
    dirOf(),
  ])
  assert.is(code, 2, stderr)
  assert.match(
    stderr.replaceAll(/\s+/g, ' '),
    /weir deletes EMQX default\/emqx, and with it everything that belongs to it but its volumes/,
  )
  assert.is((await read()).metadata.resourceVersion, before.metadata.resourceVersion)
})

test('a cluster that runs is not started', () =>
  refused(['start'], /is not started \(rule no-change\): it has 2 nodes already/))

test('an update that is under way refuses a stop and a deletion', async () => {
  const { initialDelaySeconds } = (await read()).spec.updateStrategy
  // As long as this test needs, however busy the machine is.
  await own.change({
    image: 'emqx/emqx-enterprise:5.8.7',
    updateStrategy: { initialDelaySeconds: 3600 },
  })
  const updating = async () =>
    ((await read()).status as { coreNodesStatus?: { currentRevision?: string; updateRevision?: string } })
      .coreNodesStatus
  for (;;) {
    const status = await updating()
    if (status?.currentRevision && status.updateRevision !== status.currentRevision) break
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  for (const args of [['stop'], ['delete', 'emqx']]) {
    const { code, stderr } = await ops(dirOf(), ...args)
    assert.is(code, 6, stderr)
    assert.match(stderr, /rule not-running\): an update is under way/)
  }
  await own.change({ updateStrategy: { initialDelaySeconds } })
  await own.settled()
  assert.is(await coresNow(), 2)
})

test('stopped, with clients that watch: no pod is left, and the number of nodes is remembered', async () => {
  const { code, stdout, stderr } = await ops(dirOf(), 'stop', '--clients', '60')
  assert.ok(code === 0 || code === 3, stdout + stderr)
  assert.match(stdout, /pass +stopped +2 pods were gone .* after the stop, and nobody was connected/)
  assert.is(await coresNow(), 0)
  assert.ok((await maps()).includes('weir-stopped-emqx'))
  await refused(['stop'], /is not stopped \(rule no-change\): it has no nodes already/)
})

test('a stopped cluster does not get more nodes than the policy allows', () =>
  refused(['start', '--cores', '8'], /rule node-count\): 8 is not from 1 to 7/))

test('started again, it has as many nodes as before, and clients come', async () => {
  const { code, stdout, stderr } = await ops(dirOf(), 'start', '--clients', '60')
  assert.ok(code === 0 || code === 3, stdout + stderr)
  assert.match(stdout, /pass +membership-exact +2 pods were ready/)
  assert.match(stdout, /pass +conservation/)
  assert.is(await coresNow(), 2)
  assert.not.ok((await maps()).includes('weir-stopped-emqx'))
})

test('deleted: it is stopped first, and nothing is left', async () => {
  const out = dirOf()
  const { code, stdout, stderr } = await ops(out, 'delete', 'emqx', '--clients', '60')
  assert.ok(code === 0 || code === 3, stdout + stderr)
  assert.match(stdout, /pass +order-of-deletion +The cluster was stopped before it was deleted/)
  const left = await Promise.all(
    [resources.emqxes, resources.statefulSets, resources.pods, resources.services].map((kind) =>
      own.admin.list(kind, { namespace: 'default' }),
    ),
  )
  const names = left.flatMap(({ items }) => items.map(({ metadata }) => metadata.name))
  assert.equal(
    names.filter((name) => name.startsWith('emqx')),
    [],
  )
  assert.not.ok((await maps()).some((name) => name.startsWith('emqx') || name.startsWith('weir-stopped')))
  const { events } = await readRecord(out)
  const done = events.flatMap((event) =>
    event.type === 'action' && event.phase === 'done' ? [event.action] : [],
  )
  assert.ok(done.indexOf('stop') >= 0 && done.indexOf('stop') < done.indexOf('delete'), done.join())
})

test('a second deletion finds nothing to delete', async () => {
  const { code, stderr } = await ops(dirOf(), 'delete', 'emqx')
  assert.ok(code !== 0, stderr)
  assert.match(stderr, /there is no|no .*EMQX/)
})

test.run()
