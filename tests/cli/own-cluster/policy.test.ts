/** A policy that the API server itself enforces: "weir policy install", and what is refused then. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { KubeApiError, type KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { readRecord } from '#weir/record/index.ts'
import { weirProcess } from '../weir-process.ts'
import { startOwnCluster } from './own-cluster.ts'

const own = await startOwnCluster(
  {
    scenario: 'scale-out-v5',
    set: ['cluster.manifest.spec.coreTemplate.spec.replicas=2'],
    resource: resources.emqxes,
  },
  { operator: '2.2.29', healthCheckWaitSeconds: 1 },
)
test.after(own.close)
const kubeconfig = await own.asWeir()
await own.settled()

const read = () => own.admin.get<KubeObject>(resources.emqxes, 'default', own.name)
const file = (name: string, text: string) => {
  const path = join(own.dir, name)
  writeFileSync(path, text)
  return path
}
const strict = file(
  'strict.yaml',
  'nodes: { most: 3 }\nimages: [emqx/emqx-enterprise:5.8.6, emqx/emqx-enterprise:5.8.7]\n',
)
const loose = file('loose.yaml', 'nodes: { most: 9 }\n')
const cores = (replicas: number) => ({ coreTemplate: { spec: { replicas } } })

async function refusal(spec: object): Promise<string> {
  try {
    await own.change(spec)
  } catch (error) {
    assert.instance(error, KubeApiError)
    assert.is((error as KubeApiError).status, 422)
    return (error as KubeApiError).message
  }
  throw new Error('the API server accepted it')
}

test('who may not write them is told so', async () => {
  const { code, stderr } = await weirProcess([
    'policy',
    'install',
    '--kubeconfig',
    kubeconfig,
    '--policy',
    strict,
  ])
  assert.not(code === 0, stderr)
  assert.match(stderr, /does not allow this user to write ValidatingAdmissionPolicies \(403/)
})

test('what is installed is what is shown, and it can be installed again', async () => {
  const shown = await weirProcess(['policy', 'show', '--policy', strict])
  assert.is(shown.code, 0, shown.stderr)
  for (const word of ['created', 'replaced']) {
    const { code, stdout, stderr } = await weirProcess([
      'policy',
      'install',
      '--kubeconfig',
      own.kubeconfig,
      '--policy',
      strict,
    ])
    assert.is(code, 0, stderr)
    assert.match(stdout, new RegExp(`^ValidatingAdmissionPolicy weir-emqxes ${word}$`, 'm'))
  }
  const { items } = await own.admin.list(resources.admissionPolicies)
  for (const { metadata } of items) assert.match(shown.stdout, new RegExp(`^  name: ${metadata.name}$`, 'm'))
})

test('an administrator is refused more nodes, and an image that is not listed', async () => {
  const before = await read()
  assert.match(
    await refusal(cores(4)),
    /^emqxes\.apps\.emqx\.io "emqx" is forbidden: ValidatingAdmissionPolicy 'weir-emqxes' with binding 'weir-emqxes' denied request: rule node-count: 4 is not from 1 to 3 nodes$/,
  )
  assert.match(await refusal(cores(-1)), /rule node-count: -1|should be greater than or equal to 0/)
  assert.match(
    await refusal({ image: 'emqx/emqx-enterprise:5.8.9' }),
    /rule image-list: emqx\/emqx-enterprise:5\.8\.9 is none of emqx\/emqx-enterprise:5\.8\.6, /,
  )
  assert.is((await read()).metadata.generation, before.metadata.generation)
})

test('an operation that the server refuses exits with 6, is recorded, and changes nothing', async () => {
  const before = await read()
  const out = join(own.dir, 'refused')
  const { code, stderr } = await weirProcess([
    ...['ops', 'scale', '5', '--yes', '--out', out, '--policy', loose, '--kubeconfig', kubeconfig],
  ])
  assert.is(code, 6, stderr)
  assert.match(
    stderr,
    /weir: EMQX default\/emqx is left as it is: scale: .*rule node-count: 5 is not from 1 to 3 nodes.* \[WEIR_REFUSED\]/,
  )
  assert.is((await read()).metadata.generation, before.metadata.generation)
  const { events } = await readRecord(out)
  assert.ok(
    events.some((event) => event.type === 'action' && event.action === 'scale' && event.phase === 'refused'),
  )
})

test('what the policy allows is done: more nodes within it, and a stop', async () => {
  await own.change(cores(3))
  await own.settled()
  await own.change(cores(0))
  await own.change(cores(2))
  await own.settled()
})

test('no other number of nodes in the middle of an update', async () => {
  await own.change({ image: 'emqx/emqx-enterprise:5.8.7' })
  const revisions = async () =>
    ((await read()).status as { coreNodesStatus?: { currentRevision?: string; updateRevision?: string } })
      .coreNodesStatus
  for (;;) {
    const now = await revisions()
    if (now?.currentRevision && now.updateRevision !== now.currentRevision) break
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  assert.match(
    await refusal(cores(3)),
    /rule not-running: an update is under way, so 2 nodes do not become 3/,
  )
})

test.run()
