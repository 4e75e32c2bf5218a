/** Resizes, and changes of the version that are refused, on a cluster of one's own with replicants. */
import { writeFileSync } from 'node:fs'
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
    scenario: 'resize-up-v5',
    set: [
      'cluster.manifest.spec.coreTemplate.spec.replicas=1',
      'cluster.manifest.spec.replicantTemplate.spec.replicas=1',
    ],
    resource: resources.emqxes,
  },
  { operator: '2.2.29', healthCheckWaitSeconds: 1 },
)
test.after(own.close)
const kubeconfig = await own.asWeir()
await own.settled()

interface Template {
  spec: { resources?: { requests?: object; limits?: object } }
}
type Emqx = KubeObject & { spec: { coreTemplate: Template; replicantTemplate: Template } }
const read = () => own.admin.get<Emqx>(resources.emqxes, 'default', own.name)

const quota = (name: string, cpu: string, memory: string) =>
  `  - { name: ${name}, requests: { cpu: ${cpu}, memory: ${memory} }, limits: { cpu: '64', memory: 64Gi } }\n`
const policy = join(own.dir, 'policy.yaml')
writeFileSync(
  policy,
  `images: ['emqx/emqx-enterprise:5.8.6', 'emqx/emqx-enterprise:5.8.9']
quotas:
${quota('tiny', '100m', '128Mi')}${quota('small', '500m', '512Mi')}${quota('large', '2', '2Gi')}${quota('giant', '32', '32Gi')}quotaRange: { min: small, max: large }
`,
)
const greedy = join(own.dir, 'greedy.yaml')
writeFileSync(
  greedy,
  'quotas: [{ name: a, requests: { cpu: 2, memory: 1Gi }, limits: { cpu: 1, memory: 1Gi } }]',
)

let refused = 0
const ops = (args: string[], more: string[] = ['--policy', policy]) => {
  const out = args.includes('--out') ? [] : ['--out', join(own.dir, `refused-${++refused}`)]
  return weirProcess(['ops', ...args, ...more, ...out, '--kubeconfig', kubeconfig])
}

/** [what is asked, the exit code, what is said, the policy] */
const REFUSED: [string[], number, RegExp, string[]?][] = [
  [
    ['resize', 'huge'],
    6,
    /is not resized \(rule quota-known\): "huge" is none of tiny, small, large, giant; its nodes have requests cpu 500m and memory 512Mi, limits cpu 1 and memory 1Gi \[WEIR_REFUSED\]$/m,
  ],
  [['resize', '2'], 6, /rule quota-known\): "2" is none of/],
  [
    ['resize', 'tiny'],
    6,
    /rule quota-range\): tiny is smaller than small, the least \(requests cpu 500m exceeds 100m\)/,
  ],
  [
    ['resize', 'giant'],
    6,
    /rule quota-range\): giant is larger than large, the most \(requests cpu 32 exceeds 2\)/,
  ],
  [['resize', 'large'], 6, /rule quota-known\): there are no quotas: name them in the file of --policy/, []],
  [
    ['resize', 'a'],
    2,
    /greedy\.yaml: quotas\.0: a requests more than its limits: requests cpu 2 exceeds 1/,
    ['--policy', greedy],
  ],
  [['upgrade', '5.8.6'], 6, /rule no-change\): it asks for EMQX 5\.8\.6 already/],
  [['upgrade', 'latest'], 6, /rule version-known\): "latest" is no version/],
  [['upgrade', '5.8.8'], 6, /rule image-list\): EMQX 5\.8\.8 is none of emqx\/emqx-enterprise:5\.8\.6, /],
  [['downgrade', '5.7.2'], 6, /rule data-format\)/],
  [['downgrade', '4.4.19'], 6, /rule version-supported\): EMQX is for EMQX from 5\.1\.1, not 4\.4\.19/],
]

for (const [args, code, words, more] of REFUSED)
  test(`ops ${args.join(' ')} is refused with ${code}, and nothing is written`, async () => {
    const before = await read()
    const ended = await ops([...args, '--yes'], more)
    assert.is(ended.code, code, ended.stderr)
    assert.match(ended.stderr, words)
    assert.is((await read()).metadata.resourceVersion, before.metadata.resourceVersion)
  })

test('a refused resize is recorded with the quota that was asked for', async () => {
  const out = join(own.dir, 'audit')
  assert.is((await ops(['resize', 'huge', '--out', out])).code, 6)
  const { manifest, events } = await readRecord(out)
  assert.is(manifest.scenario.name, 'ops-resize')
  assert.equal(
    events.map((event) => event.type === 'action' && [event.action, event.phase, event.detail]),
    [
      ['resize', 'start', '{"quota":"huge"}'],
      ['resize', 'refused', manifest.end?.reason],
    ],
  )
})

test('the plan shows what the nodes have, what they get, and the patch of both templates', async () => {
  const before = await read()
  const { code, stderr } = await ops(['resize', 'large', '--dry-run'])
  assert.is(code, 0, stderr)
  assert.match(
    stderr.replace(/\s+/g, ' '),
    /resources requests cpu 500m and memory 512Mi, limits cpu 1 and memory 1Gi to requests cpu 2 and memory 2Gi, limits cpu 64 and memory 64Gi/,
  )
  const patch = /^ +(\{"spec":.*\})$/m.exec(stderr)?.[1] ?? '{}'
  const template = {
    spec: { resources: { requests: { cpu: 2, memory: '2Gi' }, limits: { cpu: '64', memory: '64Gi' } } },
  }
  assert.equal(JSON.parse(patch), { spec: { coreTemplate: template, replicantTemplate: template } })
  assert.is((await read()).metadata.resourceVersion, before.metadata.resourceVersion)
})

test('a resize replaces cores and replicants, and is judged', async () => {
  const out = join(own.dir, 'resized')
  const { code, stdout, stderr } = await ops(['resize', 'large', '--yes', '--out', out])
  assert.ok(code === 0 || code === 3, stdout + stderr)
  assert.match(stdout, /pass +resized +EMQX had requests cpu 2 and memory 2Gi/)
  assert.match(stdout, /pass +all-new/)
  const { events, manifest } = await readRecord(out)
  assert.equal(manifest.parameters?.targetResources?.requests, { cpu: 2, memory: '2Gi' })
  const done = events.flatMap((event) =>
    event.type === 'action' && event.phase === 'done' ? [event.detail ?? ''] : [],
  )
  assert.match(done.join('\n'), /coreTemplate\.spec\.resources\.requests\.cpu "500m" to (2|"2")/)
  assert.match(done.join('\n'), /replicantTemplate\.spec\.resources\.limits\.memory "1Gi" to "64Gi"/)
  const again = await ops(['resize', 'large', '--yes'])
  assert.is(again.code, 6)
  assert.match(again.stderr, /rule no-change\): its nodes have large already/)
})

test('while a set cannot be scheduled every operation is refused, and the old nodes stay', async () => {
  const size = { requests: { cpu: '1000' }, limits: { cpu: '1000' } }
  const before = await read()
  await own.change({ coreTemplate: { spec: { resources: size } } })
  for (let tries = 0; tries < 100; tries++) {
    const { status } = (await read()) as { status?: { conditions?: { type: string }[] } }
    if (status?.conditions?.[0]?.type === 'CoreNodesProgressing') break
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  for (const args of [
    ['resize', 'small'],
    ['upgrade', '5.8.9'],
  ]) {
    const ended = await ops([...args, '--yes'])
    assert.is(ended.code, 6, ended.stderr)
    assert.match(
      ended.stderr,
      /rule not-running\): something is under way \(condition CoreNodesProgressing\)/,
    )
  }
  await own.change({ coreTemplate: { spec: { resources: before.spec.coreTemplate.spec.resources } } })
  await own.settled()
})

test.run()
