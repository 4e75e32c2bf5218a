/** A policy that the API server itself enforces: "weir policy install", and what is refused then. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { resources as kinds } from '#weir/cluster/kubernetes/resources.ts'
import { KubeApiError, type KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { readRecord } from '#weir/record/index.ts'
import { weirProcess } from '../weir-process.ts'
import { startOwnCluster } from './own-cluster.ts'

const own = await startOwnCluster(
  {
    scenario: 'scale-out-v5',
    set: ['cluster.manifest.spec.coreTemplate.spec.replicas=2'],
    resource: kinds.emqxes,
  },
  { operator: '2.2.29', healthCheckWaitSeconds: 1 },
)
test.after(own.close)
const kubeconfig = await own.asWeir()
await own.settled()

const read = <Spec = unknown>() =>
  own.admin.get<KubeObject & { spec: Spec }>(kinds.emqxes, 'default', own.name)
const file = (name: string, text: string) => {
  const path = join(own.dir, name)
  writeFileSync(path, text)
  return path
}
const strict = file(
  'strict.yaml',
  `nodes: { most: 3 }
images: [emqx/emqx-enterprise:5.8.6, emqx/emqx-enterprise:5.8.7]
quotas:
  - { name: small, requests: { cpu: 100m, memory: 256Mi }, limits: { cpu: '1', memory: 1Gi } }
  - { name: large, requests: { cpu: '1', memory: 1Gi }, limits: { cpu: '2', memory: 2Gi } }
clusters:
  - { name: default/other, ownership: adopted }
`,
)
const adopted = file('adopted.yaml', 'clusters: [{ name: default/emqx, ownership: adopted }]\n')
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
  const { items } = await own.admin.list(kinds.admissionPolicies)
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

test('resources that are no quota are refused, and a quota is not', async () => {
  const resources = (requests: object, limits: object) => ({
    coreTemplate: { spec: { resources: { requests, limits } } },
  })
  assert.match(
    await refusal(resources({ cpu: '3', memory: '1Gi' }, { cpu: '3', memory: '1Gi' })),
    /rule quota-known: spec\.coreTemplate\.spec\.resources is none of small, large$/,
  )
  assert.match(await refusal(resources({ cpu: '100m' }, {})), /rule quota-known/)
  const small = resources({ cpu: '100m', memory: '256Mi' }, { cpu: '1', memory: '1Gi' })
  const tried = await own.admin.patch(
    kinds.emqxes,
    'default',
    own.name,
    'merge',
    { spec: small },
    { dryRun: true },
  )
  assert.equal((tried.spec as { coreTemplate: { spec: object } }).coreTemplate.spec, {
    ...(await read<{ coreTemplate: { spec: object } }>()).spec.coreTemplate.spec,
    ...small.coreTemplate.spec,
  })
})

test('an adopted cluster is not changed', async () => {
  const before = await read()
  for (const operation of [['scale', '3'], ['stop'], ['delete', 'emqx']]) {
    const out = join(own.dir, `adopted-${operation[0]}`)
    const { code, stderr } = await weirProcess([
      ...['ops', ...operation, '--yes', '--out', out, '--policy', adopted, '--kubeconfig', kubeconfig],
    ])
    assert.is(code, 6, stderr)
    assert.match(stderr, /rule ownership\): it is adopted/)
  }
  assert.is((await read()).metadata.resourceVersion, before.metadata.resourceVersion)
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
