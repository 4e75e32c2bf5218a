/** The number of connections of EMQX 4.4, whose licence lies in a Secret of its own, and transfer between projects, as deploy/rbac.yaml lets weir. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { readRecord } from '#weir/record/index.ts'
import { weirProcess } from '../weir-process.ts'
import { holds, judgedGood } from './judged-good.ts'
import { startOwnCluster } from './own-cluster.ts'

const SECRET = 'emqx-ee-license'
const base64 = (text: string) => Buffer.from(text).toString('base64')

const own = await startOwnCluster(
  {
    scenario: 'connections-raise',
    set: ['cluster.manifest.spec.replicas=1', `cluster.manifest.spec.license={secretName: ${SECRET}}`],
    resource: resources.emqxEnterprises,
  },
  { operator: '2.2.29', secretSyncSeconds: 2 },
)
test.after(own.close)
await own.admin.create(resources.secrets, {
  ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: SECRET, namespace: 'default' } },
  data: { 'emqx.lic': base64('weir-testbed-licence:60') },
})
const kubeconfig = await own.asWeir()
await own.settled()

const file = (name: string, text: string) => {
  const path = join(own.dir, name)
  writeFileSync(path, text)
  return path
}
const read = () => own.admin.get<KubeObject>(resources.emqxEnterprises, 'default', own.name)
const secret = () =>
  own.admin.get<KubeObject & { data: Record<string, string> }>(resources.secrets, 'default', SECRET)
let runs = 0
const ops = (...args: string[]) =>
  weirProcess([
    ...['ops', ...args, '--kubeconfig', kubeconfig, '--yes'],
    ...['--out', join(own.dir, `run-${++runs}`)],
  ])

test('without a licence the number cannot be changed, and nothing is written', async () => {
  const before = await secret()
  const { code, stderr } = await ops('connections', '120')
  assert.is(code, 6, stderr)
  assert.match(stderr, /rule licence-file\): its number of connections is part of its licence/)
  assert.is((await secret()).metadata.resourceVersion, before.metadata.resourceVersion)
})

test('the licence goes into its Secret: EMQX shows the number in time, the resource and its pods stay', async () => {
  const before = await read()
  const licence = file('licence', 'weir-testbed-licence:120\n')
  const ended = await ops('connections', '120', '--licence-file', licence)
  judgedGood(ended)
  const { stdout, stderr } = ended
  assert.match(
    stderr,
    /weir changes Secret default\/emqx-ee-license by a merge patch, and nothing of its pods/,
  )
  assert.match(stdout, holds('immediate', 'EMQX shows the number of connections 120'))
  assert.match(stdout, holds('untouched', '1 pod ran on'))
  assert.is((await read()).metadata.generation, before.metadata.generation)
  assert.is((await secret()).data['emqx.lic'], base64('weir-testbed-licence:120'))
  const { events } = await readRecord(join(own.dir, `run-${runs}`))
  assert.not.match(JSON.stringify(events) + stdout + stderr, /weir-testbed-licence|d2Vpci10ZXN0/)
})

const POLICY = `
projects:
  - name: a
    clusters: [default/emqx-ee]
  - name: b
  - name: c
    clusters: [elsewhere/emqx-ee]
`

/** [the project, the policy, what is said] */
const REFUSED: [string, string, RegExp][] = [
  [
    'z',
    POLICY,
    /^weir: EmqxEnterprise default\/emqx-ee is not transferred \(rule project-known\): project z is none of the policy's: a, b, c/m,
  ],
  ['a', POLICY, /rule no-change\): it belongs to project a already/],
  ['c', POLICY, /rule name-unique\): project c has a cluster emqx-ee already, elsewhere\/emqx-ee/],
  ['b', 'projects: [{ name: b }]', /rule project-held\): it belongs to no project of the policy/],
  ['b', '{}', /rule project-known\): project b is none of the policy's: none/],
]

for (const [project, policy, words] of REFUSED)
  test(`a transfer to ${project} is refused by ${words.source.slice(0, 40)}, and nothing is written`, async () => {
    const { code, stderr } = await ops('transfer', project, '--policy', file('policy.yaml', policy))
    assert.is(code, 6, stderr)
    assert.match(stderr, words)
    const { items } = await own.admin.list(resources.configMaps, { namespace: 'default' })
    assert.not.ok(items.some(({ metadata }) => metadata.name === 'weir-projects'))
    const { events } = await readRecord(join(own.dir, `run-${runs}`))
    assert.equal(
      events.map((event) => event.type === 'action' && event.phase),
      ['start', 'refused'],
    )
  })

test('a transfer is one entry of a list: resource, pods and Services stay as they are', async () => {
  const objects = async () => {
    const lists = [resources.emqxEnterprises, resources.statefulSets, resources.services]
    const all = await Promise.all(lists.map((one) => own.admin.list(one, { namespace: 'default' })))
    return all.flatMap(({ items }) =>
      items.map(({ metadata, spec }) => [metadata.name, metadata.uid, metadata.generation, spec]),
    )
  }
  const pods = async () => {
    const { items } = await own.admin.list(resources.pods, { namespace: 'default' })
    return items.map(({ metadata }) => metadata.uid)
  }
  const [before, podsBefore] = [await objects(), await pods()]
  const ended = await ops('transfer', 'b', '--policy', file('policy.yaml', POLICY))
  judgedGood(ended)
  const { stdout } = ended
  assert.match(stdout, holds('immediate', 'The list of projects shows the project b'))
  assert.equal(await objects(), before)
  assert.equal(await pods(), podsBefore)
  const list = await own.admin.get<KubeObject & { data: object }>(
    resources.configMaps,
    'default',
    'weir-projects',
  )
  assert.equal(list.data, { 'emqxenterprises.default.emqx-ee': 'b' })
})

test('afterwards it belongs to the target: to take it out of there the target is needed', async () => {
  const withoutTarget = 'projects: [{ name: a, clusters: [default/emqx-ee] }, { name: c }]'
  const { code, stderr } = await ops('transfer', 'a', '--policy', file('policy.yaml', withoutTarget))
  assert.is(code, 6, stderr)
  assert.match(stderr, /rule project-held\): it belongs to project b, which is none of the policy's: a, c/)
})

test('a transfer while an update is under way is allowed, and the update ends', async () => {
  await own.change({ template: { spec: { emqxContainer: { image: { version: '4.4.19' } } } } })
  const ended = await ops('transfer', 'a', '--policy', file('policy.yaml', POLICY))
  judgedGood(ended)
  const { stdout } = ended
  assert.match(stdout, holds('immediate', 'project a'))
  assert.not.match(stdout, /untouched/)
  // EMQX 4.4 goes on to list the node that has gone, without a version.
  const versions = async () =>
    ((await read()).status as { emqxNodes?: { version?: string }[] }).emqxNodes?.map(({ version }) => version)
  while (!(await versions())?.includes('4.4.19')) await sleep(500)
  await own.settled()
  assert.not.ok((await versions())?.includes('4.4.14'))
})

test.run()
