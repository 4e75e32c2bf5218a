/** A search on a cluster of one's own: each run upgrades it, with the rate that is tried, and leaves the rate as it was. */
import { readFileSync } from 'node:fs'
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
    scenario: 'blue-green-v5-quick',
    set: ['cluster.manifest.spec.coreTemplate.spec.replicas=1'],
    resource: resources.emqxes,
  },
  { operator: '2.2.29', healthCheckWaitSeconds: 1 },
)
test.after(own.close)
const kubeconfig = await own.asWeir()
await own.settled()

type Emqx = KubeObject & { spec: { image: string; updateStrategy: { evacuationStrategy: object } } }
const read = () => own.admin.get<Emqx>(resources.emqxes, 'default', own.name)
const search = (...args: string[]) =>
  weirProcess([
    ...['search', 'blue-green-v5-quick', '--kubeconfig', kubeconfig, '--set', 'fleet.clients=60'],
    ...['--target', 'all-new', '--from', '30', '--to', '30', ...args],
  ])

test('it is refused without two versions and a confirmation, before anything is changed', async () => {
  const before = await read()
  for (const [args, words] of [
    [['--versions', '5.8.6,5.8.7'], /yes/],
    [['--yes'], /versions/],
    [['--yes', '--versions', '5.8.6'], /--versions 5\.8\.6 is not two versions such as/],
    [['--yes', '--versions', '5.8.6,5.8.7', '--testbed', 'kind'], /kubeconfig/],
  ] as const) {
    const { code, stderr } = await search(...args)
    assert.is(code, 2, stderr)
    assert.match(stderr, words)
  }
  assert.is((await read()).metadata.resourceVersion, before.metadata.resourceVersion)
})

test('two runs go to and fro at the rate that is tried, and the resource keeps its own', async () => {
  const { image, updateStrategy } = (await read()).spec
  const dir = join(own.dir, 'search')
  const { code, stdout, stderr } = await search(
    ...['--yes', '--versions', '5.8.6,5.8.7', '--confirm', '2', '--out', dir],
  )
  assert.ok(code === 0 || code === 3, stdout + stderr)
  const { tried } = JSON.parse(readFileSync(join(dir, 'search.json'), 'utf8'))
  const records: string[] = tried.flatMap(({ trials }: { trials: { record: string }[] }) =>
    trials.map(({ record }) => record),
  )
  assert.ok(records.length >= 2, stdout)
  for (const [index, record] of records.entries()) {
    const { manifest, events } = await readRecord(record)
    assert.is(manifest.end?.how, 'completed', stdout + stderr)
    assert.is(manifest.parameters?.connEvictRate, 30)
    assert.is(manifest.parameters?.targetVersion, index % 2 === 0 ? '5.8.7' : '5.8.6')
    const back = events.findLast((event) => event.type === 'action' && event.action === 'take-back')
    assert.is(back?.type === 'action' && back.phase, 'done')
  }
  const after = (await read()).spec
  assert.equal(after.updateStrategy, updateStrategy)
  assert.is(after.image, records.length % 2 === 0 ? image : 'emqx/emqx-enterprise:5.8.7')
})

test.run()
