/** The number of connections of clusters of one's own, EMQX 5: guards, the operation, and two clusters that race for the last of a licence. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { openCluster } from '#weir/cluster/index.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { readRecord } from '#weir/record/index.ts'
import { weirProcess } from '../weir-process.ts'
import { holds, judgedGood } from './judged-good.ts'
import { startOwnCluster } from './own-cluster.ts'

const own = await startOwnCluster(
  {
    scenario: 'connections-raise-v5',
    set: ['cluster.manifest.spec.coreTemplate.spec.replicas=1'],
    resource: resources.emqxes,
  },
  { operator: '2.2.29' },
)
test.after(own.close)
const kubeconfig = await own.asWeir()
await own.settled()

const policyFile = (text: string) => {
  const file = join(own.dir, 'policy.yaml')
  writeFileSync(file, text)
  return file
}
const read = (name = own.name) => own.admin.get<KubeObject>(resources.emqxes, 'default', name)
let runs = 0
const ops = (...args: string[]) =>
  weirProcess([
    'ops',
    'connections',
    ...args,
    ...['--out', join(own.dir, `run-${++runs}`), '--kubeconfig', kubeconfig, '--yes'],
  ])
const outOf = (run: number) => join(own.dir, `run-${run}`)

/** What EMQX of a cluster allows. */
async function limitOf(name: string): Promise<number> {
  const cluster = await openCluster({ kubeconfig: own.kubeconfig, name })
  try {
    const { items } = await own.admin.list<KubeObject & { status?: { podIP?: string } }>(resources.pods, {
      namespace: 'default',
      labelSelector: `apps.emqx.io/instance=${name}`,
    })
    const [pod] = items
    return (await cluster.emqx({ name: pod!.metadata.name, ip: pod!.status!.podIP! }).licence()).most
  } finally {
    await cluster.close()
  }
}

/** [what is asked, the policy, the exit code, what is said] */
const REFUSED: [string[], string, number, RegExp][] = [
  [
    ['0'],
    '{}',
    6,
    /^weir: EMQX default\/emqx is not given another number of connections \(rule connection-count\): 0 is fewer than 1 connection \[WEIR_REFUSED\]$/m,
  ],
  [['-5'], '{}', 6, /rule connection-count\): -5 is fewer/],
  [['3.5'], '{}', 2, /the number of connections is a whole number/],
  [['many'], '{}', 2, /whole number/],
  [['60'], '{}', 6, /rule no-change\): it allows 60 connections already/],
  [
    ['101'],
    'licence: { total: 100 }',
    6,
    /rule licence-total\): 101 connections are more than the 100 that are left of 100 \[/,
  ],
  [['70', '--licence-file', '/nowhere'], '{}', 2, /the licence \/nowhere cannot be read/],
  [['70'], 'licence: { total: 0 }', 2, /policy\.yaml: licence\.total must be >= 1/],
]

/** What tests before have claimed and EMQX was slow to show, as on a busy machine, stands for five minutes. */
const forgetClaims = () => own.admin.delete(resources.configMaps, 'default', 'weir-licence').catch(() => {})

for (const [args, policy, code, words] of REFUSED)
  test(`ops connections ${args.join(' ')} is refused with ${code}, and nothing is written`, async () => {
    const before = await read()
    const ended = await ops(...args, '--policy', policyFile(policy))
    assert.is(ended.code, code, ended.stderr)
    assert.match(ended.stderr, words)
    assert.is((await read()).metadata.resourceVersion, before.metadata.resourceVersion)
    if (code !== 6) return
    const { events } = await readRecord(outOf(runs))
    assert.equal(
      events.map((event) => event.type === 'action' && [event.action, event.phase]),
      [
        ['connections', 'start'],
        ['connections', 'refused'],
      ],
    )
  })

test('a dry run shows what would be written, and changes nothing', async () => {
  const before = await read()
  const { code, stderr } = await ops('100', '--dry-run')
  assert.is(code, 0, stderr)
  assert.match(stderr, /weir changes EMQX default\/emqx by a merge patch, and nothing of its pods:/)
  assert.match(stderr, /\{"license\.dynamic_max_connections in spec\.config\.data":"100"\}/)
  assert.is((await read()).metadata.generation, before.metadata.generation)
})

test('exactly what the licence has left is accepted, at once, and no pod notices', async () => {
  const ended = await ops('100', '--policy', policyFile('licence: { total: 100 }'))
  judgedGood(ended)
  const { stdout } = ended
  assert.match(stdout, holds('untouched', '1 pod ran on'))
  assert.match(stdout, holds('immediate', 'EMQX shows the number of connections 100'))
  assert.is(await limitOf(own.name), 100)
  const { events } = await readRecord(outOf(runs))
  assert.ok(
    events.some(
      (event) =>
        event.type === 'action' &&
        /connections 60 to 100$/.test(event.detail ?? '') &&
        event.phase === 'done',
    ),
    'the audit has what was before and what is after',
  )
})

test('another licence is given by its file, and its key is in no file of the record', async () => {
  const file = join(own.dir, 'licence')
  writeFileSync(file, 'weir-testbed-licence:80\n')
  const ended = await ops('80', '--licence-file', file)
  judgedGood(ended)
  const { stdout, stderr } = ended
  assert.is(await limitOf(own.name), 80)
  const { events } = await readRecord(outOf(runs))
  const recorded = JSON.stringify(events)
  assert.not.match(recorded + stdout + stderr, /weir-testbed-licence/)
  assert.match(recorded, /sha256:[0-9a-f]{64}/)
})

test('a licence that fixes its number is not changed by the configuration', async () => {
  const { code, stderr } = await ops('70')
  assert.is(code, 6, stderr)
  assert.match(stderr, /rule licence-configurable\): its licence fixes 80 connections, and no configuration/)
})

test('two clusters that race for the last of the licence: exactly one wins', async () => {
  const { spec } = await read()
  const { listenersServiceTemplate: _nodePort, ...rest } = spec as Record<string, unknown>
  const data =
    'license.key = "weir-testbed-licence:business-critical:1000"\nlicense.dynamic_max_connections = 50\n'
  const second = { ...rest, config: { data } }
  await own.admin.create(resources.emqxes, {
    ...{
      apiVersion: 'apps.emqx.io/v2beta1',
      kind: 'EMQX',
      metadata: { name: 'rival', namespace: 'default' },
    },
    spec: second,
  })
  await own.change({ config: { data: data.replace('= 50', '= 51') } })
  const isReady = async (name: string) => {
    const cluster = await openCluster({ kubeconfig: own.kubeconfig, name })
    try {
      return cluster.dialect.readStatus(await cluster.resource()).settled
    } finally {
      await cluster.close()
    }
  }
  while (!(await isReady('rival')) || (await limitOf('rival')) !== 50 || (await limitOf(own.name)) !== 51)
    await sleep(200)
  await forgetClaims()
  const policy = policyFile('licence: { total: 160 }')
  const both = await Promise.all(
    [own.name, 'rival'].map((name) =>
      weirProcess([
        ...['ops', 'connections', '105', '--name', name, '--policy', policy, '--yes'],
        ...['--out', join(own.dir, `race-${name}`), '--kubeconfig', own.kubeconfig],
      ]),
    ),
  )
  const said = both.map(({ code, stdout, stderr }) => `${code}\n${stdout}${stderr}`).join('\n')
  const [winner, ...losers] = both.toSorted((a, b) => Number(a.code === 6) - Number(b.code === 6))
  judgedGood(winner!)
  assert.equal(
    losers.map(({ code }) => code),
    [6],
    said,
  )
  assert.match(
    both.find(({ code }) => code === 6)!.stderr,
    /rule licence-total\): 105 connections are more than the 55 that are left of 160: 1 other cluster has 105/,
    said,
  )
  const limits = [await limitOf(own.name), await limitOf('rival')]
  assert.is(limits.filter((limit) => limit === 105).length, 1, limits.join(', '))
})

test('a cluster that is stopped gives its connections back', async () => {
  await forgetClaims()
  const policy = policyFile('licence: { total: 180 }')
  const asAdmin = (name: string, ...args: string[]) =>
    weirProcess([
      ...['ops', ...args, '--name', name, '--yes', '--kubeconfig', own.kubeconfig],
      ...['--out', join(own.dir, `run-${++runs}`)],
    ])
  const asked = ['connections', '150', '--policy', policy]
  const refused = await asAdmin(own.name, ...asked)
  assert.is(refused.code, 6, refused.stderr)
  assert.match(
    refused.stderr,
    /rule licence-total\): 150 connections are more than the \d+ that are left of 180/,
  )
  judgedGood(await asAdmin('rival', 'stop'))
  judgedGood(await asAdmin(own.name, ...asked))
  assert.is(await limitOf(own.name), 150)
  judgedGood(await asAdmin('rival', 'start'))
})

test('a cluster that is deleted gives its connections back', async () => {
  await forgetClaims()
  const policy = policyFile('licence: { total: 180 }')
  const asked = ['151', '--name', own.name, '--policy', policy]
  assert.is((await ops(...asked)).code, 6)
  await own.admin.delete(resources.emqxes, 'default', 'rival')
  const ended = await ops(...asked)
  judgedGood(ended)
  assert.is(await limitOf(own.name), 151)
})

test('under a licence that has expired the number is not changed, unless another licence is given', async () => {
  const data =
    'license.key = "weir-testbed-licence:business-critical:1000:expired"\nlicense.dynamic_max_connections = 50\n'
  await own.change({ config: { data } })
  while ((await limitOf(own.name)) !== 50) await sleep(200)
  await own.settled()
  const before = await read()
  const refused = await ops('70', '--name', own.name)
  assert.is(refused.code, 6, refused.stderr)
  assert.match(
    refused.stderr,
    /rule licence-valid\): its licence has expired on 2024-05-18: give another with/,
  )
  assert.is((await read()).metadata.generation, before.metadata.generation)
  const { events } = await readRecord(outOf(runs))
  assert.ok(events.some((event) => event.type === 'action' && event.phase === 'refused'))
  const file = join(own.dir, 'renewed')
  writeFileSync(file, 'weir-testbed-licence:70\n')
  judgedGood(await ops('70', '--name', own.name, '--licence-file', file))
  assert.is(await limitOf(own.name), 70)
})

test.run()
