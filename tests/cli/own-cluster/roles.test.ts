/** Who may do what: the roles of deploy/roles, on a cluster whose API server decides. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseAllDocuments } from 'yaml'
import { impersonationOf } from '#weir/cluster/index.ts'
import { createKubeApi } from '#weir/cluster/kubernetes/client.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { KubeApiError, type KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { readRecord } from '#weir/record/index.ts'
import { projectFile } from '../../support/project-file.ts'
import { weirProcess } from '../weir-process.ts'
import { judgedGood } from './judged-good.ts'
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

/** [role, what the API server answers to a patch of the cluster] */
const ROLES: [string, number][] = [
  ['system', 200],
  ['org:acme', 200],
  ['project:acme/billing', 200],
  ['user:acme/billing', 403],
  ['org:other', 403],
  ['project:acme/other', 403],
  ['user:acme/other', 403],
]

for (const [role, expected] of ROLES)
  test(`${role} ${expected === 200 ? 'may' : 'may not'} change the cluster, whatever program asks`, async () => {
    const kube = createKubeApi({ kubeconfig: own.kubeconfig, impersonate: impersonationOf(role) })
    const spec = { coreTemplate: { spec: { replicas: 3 } } }
    try {
      const before = await read()
      const status = await kube
        .patch(resources.emqxes, 'default', own.name, 'merge', { spec }, { dryRun: expected === 200 })
        .then(
          () => 200,
          (error: unknown) => (error instanceof KubeApiError ? error.status : 0),
        )
      assert.is(status, expected)
      assert.is((await read()).metadata.resourceVersion, before.metadata.resourceVersion)
    } finally {
      kube.close()
    }
  })

test('users of a project look at its clusters', async () => {
  const kube = createKubeApi({
    kubeconfig: own.kubeconfig,
    impersonate: impersonationOf('user:acme/billing'),
  })
  try {
    assert.is((await kube.get(resources.emqxes, 'default', own.name)).metadata.name, own.name)
  } finally {
    kube.close()
  }
})

const logs = (role: string) =>
  weirProcess([
    ...['ops', 'logs', '--as-role', role, '--namespace', 'default'],
    ...['--kubeconfig', own.kubeconfig],
  ])

test('users of a project read its logs', async () => {
  const { code, stdout, stderr } = await logs('user:acme/billing')
  assert.is(code, 0, stderr)
  assert.match(stdout, /EMQX +EMQX|EMQX 5\.8\.\d is running now!/)
})

test('nobody of another project does', async () => {
  for (const role of ['user:acme/other', 'project:acme/other', 'org:other']) {
    const { code, stdout, stderr } = await logs(role)
    assert.equal([code, stdout], [4, ''], stderr)
    assert.is(stderr.trimEnd().split('\n').length, 1, stderr)
    assert.match(stderr, /does not allow this user to read logs .*\(403: .*WEIR_CLUSTER_FORBIDDEN/)
  }
})

test('weir tells a user what its role may not, before anything is written', async () => {
  const before = await read()
  const { code, stderr } = await ops('user:acme/billing', 'scale', '3', '--yes')
  assert.is(code, 6, stderr)
  assert.match(stderr, /this user may not patch emqxes.*WEIR_REFUSED/)
  assert.is((await read()).metadata.resourceVersion, before.metadata.resourceVersion)
  const { events, manifest } = await readRecord(join(own.dir, `run-${runs}`))
  const audit = events.flatMap((event) => (event.type === 'action' ? [[event.action, event.phase]] : []))
  assert.equal(audit, [
    ['scale', 'start'],
    ['scale', 'refused'],
  ])
  assert.match(manifest.end?.reason ?? '', /this user may not patch emqxes/)
})

test('what a role may not even read is no refusal', async () => {
  const { code, stderr } = await ops('org:other', 'scale', '3', '--yes')
  assert.is(code, 4, stderr)
  assert.match(stderr, /does not allow this user to .*WEIR_CLUSTER_FORBIDDEN/)
})

test('an administrator of the system sees the operator', async () => {
  const { code, stderr } = await ops('system', 'scale', '3', '--dry-run')
  assert.is(code, 0, stderr)
  assert.match(stderr, /"replicas":3/)
})

test('an administrator of the project does what the role allows: a scale out, with its Lease', async () => {
  const ended = await ops('project:acme/billing', 'scale', '3', '--yes')
  judgedGood(ended)
  assert.match(ended.stdout, /pass +membership-exact +3 pods were ready/)
})

const policyFile = (text: string) => {
  const file = join(own.dir, 'policy.yaml')
  writeFileSync(file, text)
  return file
}
const PROJECTS = `
projects:
  - { name: billing, organisation: acme, clusters: [default/${own.name}] }
  - { name: payments, organisation: acme }
  - { name: theirs, organisation: other }
`
const transfer = (role: string, to: string, policy = PROJECTS) =>
  ops(role, 'transfer', to, '--policy', policyFile(policy), '--yes')

/** [role, target, the policy, what is said, the exit code] */
const NOT_TRANSFERRED: [string, string, string, RegExp, number][] = [
  [
    'org:acme',
    'theirs',
    PROJECTS,
    /rule project-rights\): org:acme does not administer project theirs, which is of other/,
    6,
  ],
  [
    'project:acme/billing',
    'payments',
    PROJECTS,
    /rule project-rights\): project:acme\/billing administers project billing alone/,
    6,
  ],
  [
    'org:acme',
    'payments',
    `${PROJECTS}registryNamespace: kube-system\n`,
    /does not allow this user to read ConfigMap kube-system\/weir-projects \(403/,
    4,
  ],
]
for (const [role, to, policy, words, expected] of NOT_TRANSFERRED)
  test(`${role} does not transfer the cluster to ${to}: ${words.source.slice(0, 30)}`, async () => {
    const before = await read()
    const { code, stderr } = await transfer(role, to, policy)
    assert.is(code, expected, stderr)
    assert.match(stderr, words)
    assert.is((await read()).metadata.resourceVersion, before.metadata.resourceVersion)
    const { events } = await readRecord(join(own.dir, `run-${runs}`))
    assert.ok(
      events.some((event) => event.type === 'action' && event.phase === 'refused'),
      'the audit has the refusal',
    )
  })

test('after a transfer, and with the bindings of the target, the source may not change the cluster any more', async () => {
  const before = await read()
  const pods = async () =>
    (await own.admin.list(resources.pods, { namespace: 'default' })).items.map(({ metadata }) => metadata.uid)
  const podsBefore = await pods()
  judgedGood(await transfer('org:acme', 'payments'))
  for (const name of ['weir-administrators', 'weir-users']) {
    const binding = { group: 'rbac.authorization.k8s.io', version: 'v1', plural: 'rolebindings' }
    const resource = { ...binding, kind: 'RoleBinding', namespaced: true }
    const bound = await own.admin.get<KubeObject & { subjects: { name: string }[] }>(
      resource,
      'default',
      name,
    )
    const subjects = bound.subjects.map((one) => ({ ...one, name: one.name.replace('billing', 'payments') }))
    await own.admin.patch(resource, 'default', name, 'merge', { subjects })
  }
  const statusOf = async (role: string) => {
    const kube = createKubeApi({ kubeconfig: own.kubeconfig, impersonate: impersonationOf(role) })
    const spec = { coreTemplate: { spec: { replicas: 4 } } }
    try {
      await kube.patch(resources.emqxes, 'default', own.name, 'merge', { spec }, { dryRun: true })
      return 200
    } catch (error) {
      return error instanceof KubeApiError ? error.status : 0
    } finally {
      kube.close()
    }
  }
  assert.is(await statusOf('project:acme/billing'), 403)
  assert.is(await statusOf('project:acme/payments'), 200)
  assert.is(await statusOf('org:acme'), 200)
  const refused = await ops('project:acme/billing', 'scale', '4', '--yes')
  assert.is(refused.code, 4, 'the source may not even read it now')
  assert.match(refused.stderr, /WEIR_CLUSTER_FORBIDDEN|may not/)
  assert.is((await read()).metadata.generation, before.metadata.generation)
  assert.equal(await pods(), podsBefore)
})

test('what is no role is refused', async () => {
  for (const role of ['administrator', 'project:acme', 'user:Acme/billing', ''])
    assert.throws(() => impersonationOf(role), /is no role: write system, org:ORGANISATION/)
  const { code, stderr } = await ops('administrator', 'scale', '3', '--dry-run')
  assert.is(code, 2, stderr)
})

test.run()
