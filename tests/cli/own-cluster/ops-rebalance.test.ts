/** Rebalances on a cluster of one's own, as a user with exactly deploy/rbac.yaml's rights: guards, plan, and the operation itself. */
import { join } from 'node:path'
import { connectAsync, type MqttClient } from 'mqtt'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Pod } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import type { RecordEvent } from '#weir/facts/index.ts'
import { readRecord } from '#weir/record/index.ts'
import { once, weirProcess } from '../weir-process.ts'
import { startOwnCluster } from './own-cluster.ts'

const own = await startOwnCluster(
  { scenario: 'rebalance-v5', set: [], resource: resources.emqxes },
  { operator: '2.2.29' },
)
const clients: MqttClient[] = []
test.after(async () => {
  for (const client of clients) client.end(true)
  await own.close()
})
const kubeconfig = await own.asWeir()
await own.settled()

/** Clients of one node, which stay away when they are evicted. */
async function crowd(count: number): Promise<void> {
  const { items } = await own.admin.list<Pod>(resources.pods, { namespace: 'default' })
  const pod = items.find(({ metadata }) => metadata.name.endsWith('-0'))
  const more = Array.from({ length: count }, (_, i) =>
    connectAsync(`mqtt://${pod?.status?.podIP}:1883`, {
      clientId: `crowd-${clients.length + i}`,
      protocolVersion: 5,
      reconnectPeriod: 0,
    }),
  )
  clients.push(...(await Promise.all(more)))
}

let runs = 0
const ops = (...args: string[]) => weirProcess(['ops', ...args, ...outOf(args), '--kubeconfig', kubeconfig])
const outOf = (args: string[]) => (args.includes('--out') ? [] : ['--out', join(own.dir, `run-${++runs}`)])
const rebalances = async () => (await own.admin.list(resources.rebalances, { namespace: 'default' })).items
/** Polls for a minute at most: an operator looks every 5 s. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const untilMs = Date.now() + 60_000; Date.now() < untilMs; ) {
    if (await isSo()) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  assert.unreachable(`a minute passed: ${JSON.stringify(await rebalances())}`)
}
const actionsOf = (events: readonly RecordEvent[]) =>
  events.flatMap((event) =>
    event.type === 'action' ? [[event.action, event.phase, event.detail ?? ''] as const] : [],
  )

const RATE = ['rebalance', '--conn-evict-rate', '10', '--yes']
/** [what is asked, the exit code, what is said] */
const REFUSED: [string[], number, RegExp][] = [
  [
    ['rebalance', '--conn-evict-rate', '0', '--yes'],
    6,
    /^weir: EMQX default\/emqx is not rebalanced \(rule rates\): --conn-evict-rate 0 is not a whole number of at least 1 \[WEIR_REFUSED\]$/m,
  ],
  [['rebalance', '--conn-evict-rate', 'many', '--yes'], 2, /--conn-evict-rate takes a number/],
  [[...RATE, '--sess-evict-rate', '2.5'], 6, /rule rates\): --sess-evict-rate 2\.5 is not a whole number/],
  [
    [...RATE, '--rel-conn-threshold', '1'],
    6,
    /rule thresholds\): --rel-conn-threshold 1 is not a number above 1/,
  ],
  [
    [...RATE, '--abs-conn-threshold', '0'],
    6,
    /rule thresholds\): --abs-conn-threshold 0 is not a whole number/,
  ],
  [['rebalance', '--yes'], 2, /conn-evict-rate/],
  [[...RATE, '--name', 'nobody'], 4, /nobody/],
]

for (const [args, code, words] of REFUSED)
  test(`ops ${args.join(' ')} is refused with ${code}, and nothing is written`, async () => {
    const ended = await ops(...args)
    assert.is(ended.code, code, ended.stderr)
    assert.match(ended.stderr, words)
    assert.equal(await rebalances(), [])
  })

test('the plan says by which way and why, and shows the resource to the letter', async () => {
  const { code, stderr } = await ops(...RATE.slice(0, 3), '--abs-conn-threshold', '10', '--dry-run')
  assert.is(code, 0, stderr)
  assert.match(
    stderr,
    /^by the operator's resource: the API server has the kind Rebalance \(apps\.emqx\.io\/v2beta1\)$/m,
  )
  assert.match(
    stderr,
    /^weir creates Rebalance default\/weir-rebalance-emqx, and deletes it when it has ended:$/m,
  )
  assert.equal(JSON.parse(/^ +(\{"apiVersion".*\})$/m.exec(stderr)?.[1] ?? '{}'), {
    apiVersion: 'apps.emqx.io/v2beta1',
    kind: 'Rebalance',
    metadata: { name: 'weir-rebalance-emqx', namespace: 'default' },
    spec: {
      instanceKind: 'EMQX',
      instanceName: 'emqx',
      rebalanceStrategy: {
        connEvictRate: 10,
        sessEvictRate: 500,
        waitHealthCheck: 60,
        waitTakeover: 60,
        absConnThreshold: 10,
        absSessThreshold: 1000,
        relConnThreshold: '1.1',
        relSessThreshold: '1.1',
      },
    },
  })
  assert.equal(await rebalances(), [])
})

test('nothing to balance is no failure, and inconclusive', async () => {
  const out = join(own.dir, 'nothing')
  const { code, stdout, stderr } = await ops(...RATE, '--out', out)
  assert.is(code, 3, stdout + stderr)
  assert.match(
    stdout.replace(/\s+/g, ' '),
    /inconclusive balance Inconclusive: nothing had to move: the nodes were within/,
  )
  const { events } = await readRecord(out)
  const done = actionsOf(events).find(([action, phase]) => action === 'rebalance' && phase === 'done')
  assert.match(done?.[2] ?? '', /^nothing to balance: connections emqx-core-\S+=0 /)
  assert.equal(await rebalances(), [])
})

const LEVEL = [...RATE, '--abs-conn-threshold', '10', '--wait-takeover', '1']
const QUICK = [...LEVEL, '--wait-health-check', '2']

test('a run that is interrupted stops the rebalance and leaves no resource', async () => {
  await crowd(60)
  const out = join(own.dir, 'interrupted')
  const ended = await weirProcess(
    ['ops', ...LEVEL, '--wait-health-check', '30', '--out', out, '--kubeconfig', kubeconfig],
    once('wait_health_check', (child) => child.kill('SIGINT')),
  )
  assert.is(ended.code, 130, ended.stderr)
  assert.equal(await rebalances(), [])
  const ends = actionsOf((await readRecord(out)).events).slice(-4)
  assert.equal(
    ends.map(([action, phase]) => `${action} ${phase}`),
    ['stop-rebalance start', 'stop-rebalance done', 'delete-rebalance start', 'delete-rebalance done'],
  )
  const { code, stderr } = await ops(...QUICK, '--dry-run')
  assert.is(code, 0, stderr)
})

test('a rebalance that is under way is not disturbed', async () => {
  const body = {
    apiVersion: 'apps.emqx.io/v2beta1',
    kind: 'Rebalance',
    metadata: { name: 'somebody', namespace: 'default' },
    spec: {
      instanceKind: 'EMQX',
      instanceName: 'emqx',
      rebalanceStrategy: { connEvictRate: 1, absConnThreshold: 10, waitHealthCheck: 300 },
    },
  } satisfies KubeObject
  await own.admin.create(resources.rebalances, body)
  const phase = async () => ((await rebalances())[0]?.status as { phase?: string } | undefined)?.phase
  await until(async () => (await phase()) === 'Processing')
  const { code, stderr } = await ops(...QUICK)
  assert.is(code, 6, stderr)
  assert.match(
    stderr,
    /rule alone\): node emqx@\S+ coordinates a rebalance, Rebalance default\/somebody has not ended: wait/,
  )
  await own.admin.delete(resources.rebalances, 'default', 'somebody')
  await until(async () => (await rebalances()).length === 0)
})

test('a rebalance levels the nodes at the rate, is judged, and leaves nothing behind', async () => {
  const out = join(own.dir, 'rebalanced')
  const { code, stdout, stderr } = await ops(...QUICK, '--out', out)
  assert.ok(code === 0 || code === 3, stdout + stderr)
  assert.match(stdout, /pass +balance +The rebalance ended with/)
  const { events, manifest } = await readRecord(out)
  assert.is(manifest.parameters?.rebalance?.donors.length, 1)
  assert.is(manifest.parameters?.connEvictRate, 10)
  const details = actionsOf(events).filter(([action]) => action === 'rebalance')
  assert.match(
    details[0]?.[2] ?? '',
    /^by Rebalance default\/weir-rebalance-emqx, because the API server has .*"connEvictRate":10/,
  )
  assert.match(details[1]?.[2] ?? '', /^connections emqx-core-\S+=60 .* to emqx-core-\S+=10 /)
  assert.equal(await rebalances(), [])
})

test("without the kind it is EMQX's API that is asked, with every node by name", async () => {
  await own.admin.delete(resources.customResourceDefinitions, undefined, 'rebalances.apps.emqx.io')
  await crowd(40)
  const { stderr } = await ops(...QUICK, '--dry-run')
  assert.match(stderr, /^by EMQX's API: the API server does not have the kind Rebalance/m)
  const body = JSON.parse(/^ +(\{"conn_evict_rate".*\})$/m.exec(stderr)?.[1] ?? '{}')
  assert.is(body.nodes?.length, 3)
  const out = join(own.dir, 'by-emqx')
  const { code, stdout, stderr: said } = await ops(...QUICK, '--out', out)
  assert.ok(code === 0 || code === 3, stdout + said)
  assert.match(stdout, /pass +balance +The rebalance ended with/)
  const [sent] = actionsOf((await readRecord(out)).events).filter(([action]) => action === 'rebalance')
  assert.ok(sent?.[2].endsWith(JSON.stringify(body)), sent?.[2])
})

test.run()
