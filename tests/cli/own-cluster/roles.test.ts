/** Who may do what: the roles of deploy/roles, on a cluster whose API server decides. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseAllDocuments } from 'yaml'
import { impersonationOf } from '#weir/cluster/index.ts'
import { createKubeApi } from '#weir/cluster/kubernetes/client.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { KubeApiError, type KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { projectFile } from '../../support/project-file.ts'
import { weirProcess } from '../weir-process.ts'
import { createOnce, startOwnCluster } from './own-cluster.ts'

const own = await startOwnCluster(
  {
    scenario: 'scale-out-v5',
    set: ['cluster.manifest.spec.coreTemplate.spec.replicas=2'],
    resource: resources.emqxes,
  },
  { operator: '2.2.29', healthCheckWaitSeconds: 1 },
)
test.after(own.close)
await own.settled()

/** As kustomize makes them: bindings of the project go into its namespace. */
for (const file of ['roles.yaml', 'system.yaml', 'project/bindings.yaml'])
  for (const document of parseAllDocuments(readFileSync(projectFile(`deploy/roles/${file}`), 'utf8'))) {
    const object = document.toJS() as KubeObject
    const isBound = object.kind === 'RoleBinding'
    await createOnce(
      own.admin,
      isBound ? { ...object, metadata: { ...object.metadata, namespace: 'default' } } : object,
    )
  }

let runs = 0
const ops = (role: string, ...args: string[]) =>
  weirProcess([
    ...['ops', ...args, '--as-role', role, '--namespace', 'default', '--name', own.name],
    // Only administrators of the system see the operator's Deployment.
    ...(role === 'system' ? [] : ['--operator', '2.2.29']),
    ...['--out', join(own.dir, `run-${++runs}`), '--kubeconfig', own.kubeconfig],
  ])
const read = () => own.admin.get<KubeObject>(resources.emqxes, 'default', own.name)

for (const role of ['system', 'org:acme', 'project:acme/billing'])
  test(`${role} may scale the cluster`, async () => {
    const { code, stderr } = await ops(role, 'scale', '3', '--dry-run')
    assert.is(code, 0, stderr)
    assert.match(stderr, /"replicas":3/)
  })

for (const role of ['user:acme/billing', 'org:other', 'project:acme/other', 'user:acme/other'])
  test(`${role} may not, and nothing is written`, async () => {
    const before = await read()
    const { code, stderr } = await ops(role, 'scale', '3', '--yes')
    assert.not(code === 0, stderr)
    assert.match(stderr, /WEIR_CLUSTER_FORBIDDEN/)
    assert.is((await read()).metadata.resourceVersion, before.metadata.resourceVersion)
  })

test('the API server itself refuses a user’s write, whatever program sends it', async () => {
  const kube = createKubeApi({
    kubeconfig: own.kubeconfig,
    impersonate: impersonationOf('user:acme/billing'),
  })
  try {
    assert.is((await kube.get(resources.emqxes, 'default', own.name)).metadata.name, own.name)
    const before = await read()
    const patch = { spec: { coreTemplate: { spec: { replicas: 3 } } } }
    let status = 0
    await kube.patch(resources.emqxes, 'default', own.name, 'merge', patch).catch((error: unknown) => {
      if (error instanceof KubeApiError) status = error.status
    })
    assert.is(status, 403)
    assert.is((await read()).metadata.generation, before.metadata.generation)
  } finally {
    kube.close()
  }
})

test('an administrator of the project does what the role allows: a scale out, with its Lease', async () => {
  const { code, stdout, stderr } = await ops('project:acme/billing', 'scale', '3', '--yes')
  assert.is(code, 0, stdout + stderr)
  assert.match(stdout, /pass +membership-exact +3 pods were ready/)
})

for (const role of ['administrator', 'project:acme', 'user:Acme/billing', ''])
  test(`"${role}" is no role`, async () => {
    const { code, stderr } = await ops(role, 'scale', '3', '--dry-run')
    assert.is(code, 2, stderr)
    assert.match(stderr, /is no role: write system, org:ORGANISATION/)
  })

test.run()
