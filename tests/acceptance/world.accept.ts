/** What happens to clusters, and to weir, while an update runs: each incident on a cluster of one's own, with its verdict. */
import type { ChildProcess } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { readRecord } from '#weir/record/index.ts'
import type { EmbeddedOptions } from '#weir/testbed/types.ts'
import { type OwnCluster, startOwnCluster } from '../cli/own-cluster/own-cluster.ts'
import { once, weirProcess } from '../cli/weir-process.ts'
import { Gate } from '../support/gate.ts'
import { descendantsOf } from '../support/processes.ts'
import { hasReal, realOperator, testReal } from '../support/real/programs.ts'
import { Pool } from './pool.ts'
import { describe, type WeirRun, weirRun } from './weir.ts'

const SCENARIO = 'blue-green-v5-quick'
const STRATEGY = 'cluster.manifest.spec.updateStrategy.evacuationStrategy'

/** 100 clients a node, 20 a second: a drain takes five seconds. */
const SETTINGS = ['fleet.clients=300', `${STRATEGY}.connEvictRate=20`, `${STRATEGY}.sessEvictRate=20`]

/** This cluster does not wait 60 s for health checks, and its drains are too short for a slope. */
const ASSERTS = 'assert={except: [evacuation-states, eviction-slope, initial-delay, duration]}'
const RUN_SETTINGS = ['fleet.clients=300', ASSERTS].flatMap((text) => ['--set', text])

type Operator = EmbeddedOptions['operator']

/** They wait for most of their time. */
const pool = new Pool(3)

/** An incident on a cluster of its own: `act` runs weir there and looks at what it says. */
function incident(
  title: string,
  act: (own: OwnCluster) => Promise<void>,
  operator: Operator = '2.2.29',
): void {
  const done = pool.queue(() => onCluster(act, operator))
  test(title, () => done)
}

async function onCluster(act: (own: OwnCluster) => Promise<void>, operator: Operator): Promise<void> {
  const own = await startOwnCluster(
    { scenario: SCENARIO, set: SETTINGS, resource: resources.emqxes },
    { operator, healthCheckWaitSeconds: 2 },
  )
  try {
    await own.settled()
    await act(own)
  } finally {
    await own.close()
  }
}

/** `weir run`, and an incident two seconds after the first old node began to evict. */
async function run(own: OwnCluster, kubeconfig: string, incident: () => unknown): Promise<WeirRun> {
  const dir = join(own.dir, 'run')
  const args = ['run', SCENARIO, '--kubeconfig', kubeconfig, '--operator', '2.2.29', '--yes', '--out', dir]
  const { onStderr, done } = midDrain(own, incident)
  const ended = await weirProcess([...args, ...RUN_SETTINGS], onStderr)
  await done()
  return weirRun(ended, dir)
}

/** Resolves two seconds after the operator reports that the first node evicts its connections; rejects where none does. */
async function evicting(own: OwnCluster): Promise<void> {
  for (const endMs = Date.now() + EVICTING_MS; Date.now() < endMs; await sleep(100)) {
    const found = await own.admin.get<KubeObject & { status?: Status }>(resources.emqxes, 'default', own.name)
    if (found.status?.nodeEvacuationsStatus?.some(({ state }) => state === 'evicting_conns'))
      return void (await sleep(2000))
  }
  throw new Error(`no node evicted its connections within ${EVICTING_MS / 1000} s`)
}

/** Far more than the start of a new set takes. */
const EVICTING_MS = 150_000

/** Does something in mid-drain; `done` settles when it is done. */
function midDrain(own: OwnCluster, act: (child: ChildProcess) => unknown) {
  let acted: Promise<unknown> = Promise.reject(new Error('the change was never made'))
  acted.catch(() => {})
  const onStderr = once('  upgraded  ', (child) => {
    acted = evicting(own).then(() => act(child))
    acted.catch(() => {})
  })
  return { onStderr, done: () => acted }
}

interface Status {
  nodeEvacuationsStatus?: { node_name?: string; nodeName?: string; state?: string }[]
}

const noFailure = (run: WeirRun) => {
  assert.equal(run.ids('fail'), [], describe(run))
  assert.is.not(run.code, 1, run.stdout)
}

const evict = (own: OwnCluster, name: string) =>
  own.admin.raw('POST', `/api/v1/namespaces/default/pods/${name}/eviction`, {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name, namespace: 'default' },
  })

/** EMQX's pods, the oldest set first and in it the first that is drained last. */
async function pods(own: OwnCluster): Promise<string[]> {
  const { items } = await own.admin.list(resources.pods, {
    namespace: 'default',
    labelSelector: `apps.emqx.io/instance=${own.name}`,
  })
  const created = ({ metadata }: KubeObject) => String(metadata.creationTimestamp)
  return items
    .toSorted(
      (a, b) => created(a).localeCompare(created(b)) || a.metadata.name.localeCompare(b.metadata.name),
    )
    .map(({ metadata }) => metadata.name)
}

incident(
  'a pod that is evicted by Kubernetes in mid-drain fails, and the cause is not the operator',
  async (own) => {
    let victim = ''
    const result = await run(own, await own.asWeir(), async () => {
      victim = (await pods(own))[0]!
      assert.is((await evict(own, victim)).status, 201)
    })
    const { headline, findings } = result.verdict
    assert.is(result.code, 1, describe(result))
    assert.match(
      headline,
      /because its pod was evicted through Kubernetes' eviction API, as kubectl drain does/,
    )
    assert.ok(headline.includes(victim), headline)
    assert.ok(result.ids('fail').includes('drained-before-delete'), describe(result))
    assert.equal(
      findings.filter(({ deviation }) => deviation !== undefined),
      [],
    )
  },
)

incident(
  'a node that is drained in mid-drain fails by what it dropped, and says what the rollout waited for',
  async (own) => {
    const cordon = (unschedulable: boolean | null) =>
      own.admin.patch(resources.nodes, undefined, 'weir-node', 'merge', { spec: { unschedulable } })
    const result = await run(own, await own.asWeir(), async () => {
      await cordon(true)
      for (const name of await pods(own)) await evict(own, name)
      await sleep(10_000)
      await cordon(null)
    })
    assert.is(result.code, 1, describe(result))
    assert.match(
      result.verdict.headline,
      /was evicted through Kubernetes' eviction API, as kubectl drain does/,
    )
    const { events } = await readRecord(result.dir)
    const blocked = events.flatMap((event) => (event.type === 'pod' ? (event.blocked ?? []) : []))
    assert.ok(
      blocked.some((why) => why.startsWith('Unschedulable: ')),
      'pods waited for a node',
    )
  },
)

incident('an API server that is away for three seconds costs no verdict of its own', async (own) => {
  const gate = await Gate.before(serverOf(own.kubeconfig))
  const result = await run(own, through(gate, await own.asWeir()), async () => {
    gate.shut()
    await sleep(3000)
    await gate.reopen()
  })
  gate.shut()
  noFailure(result)
  const { manifest, events } = await readRecord(result.dir)
  assert.is(manifest.end?.how, 'completed')
  assert.ok(events.some(({ type }) => type === 'watch-gap'))
  for (const id of ['conservation', 'hops', 'eviction-envelope', 'no-storm'])
    assert.ok(!result.ids('fail').includes(id) && result.verdict.findings.some((one) => one.id === id))
})

incident(
  'a token that is replaced in mid-drain ends nothing; one that is not is inconclusive, by its name',
  async (own) => {
    const gate = await Gate.before(serverOf(own.kubeconfig))
    const kubeconfig = through(gate, await own.asWeir())
    /** Every token of the account so far is worth nothing from now on, and weir has to open its watches again. */
    const expire = async (renew: boolean) => {
      await own.admin.delete(resources.serviceAccounts, 'default', 'weir')
      const fresh = await own.asWeir()
      if (renew) through(gate, fresh, kubeconfig)
      gate.shut()
      await gate.reopen()
    }
    const renewed = await run(own, kubeconfig, () => expire(true))
    noFailure(renewed)
    assert.is((await readRecord(renewed.dir)).manifest.end?.how, 'completed')
    await own.settled()

    const second = join(own.dir, 'second')
    const { onStderr, done } = midDrain(own, () => expire(false))
    const ended = await weirProcess(
      [
        ...['run', SCENARIO, '--kubeconfig', kubeconfig, '--yes', '--to', '5.8.8', '--out', second],
        ...RUN_SETTINGS,
      ],
      onStderr,
    )
    await done()
    const result = weirRun(ended, second)
    gate.shut()
    noFailure(result)
    assert.is(result.code, 3, result.stdout)
    assert.match(
      result.verdict.headline + result.stdout,
      /the credentials of the kubeconfig are not, or no longer, accepted \(401\)/,
    )
  },
)

incident('weir that is killed in mid-drain leaves a record that is judged as far as it goes', async (own) => {
  const dir = join(own.dir, 'killed')
  const args = ['run', SCENARIO, '--kubeconfig', await own.asWeir(), '--yes', '--out', dir]
  const { onStderr, done } = midDrain(own, (child) => child.kill('SIGKILL'))
  const ended = await weirProcess([...args, ...RUN_SETTINGS], onStderr)
  await done()
  assert.is(ended.signal, 'SIGKILL')
  const result = weirRun(await weirProcess(['check', dir]), dir)
  noFailure(result)
  assert.is(result.code, 3)
  assert.match(result.verdict.headline, /the run was killed/, describe(result))
})

const KILLED = 'an operator that is killed in mid-drain is started again, and the drain keeps its rate'
if (hasReal())
  incident(
    KILLED,
    async (own) => {
      const result = await run(own, await own.asWeir(), () => {
        const operators = descendantsOf(own.pid, 'manager')
        assert.ok(operators.length > 0, 'the operator runs')
        for (const pid of operators) process.kill(pid, 'SIGKILL')
      })
      noFailure(result)
      assert.is((await readRecord(result.dir)).manifest.end?.how, 'completed')
      for (const id of ['conservation', 'drained-before-delete'])
        assert.ok(result.verdict.findings.some((one) => one.id === id && one.outcome !== 'fail'))
    },
    { binary: realOperator('2.2.29').binary },
  )
else testReal(KILLED, async () => {})

const serverOf = (kubeconfig: string) => /server: (\S+)/.exec(readFileSync(kubeconfig, 'utf8'))![1]!

/** The same kubeconfig by way of the gate, in a file of its own. */
function through(gate: Gate, kubeconfig: string, path = `${kubeconfig}.gate`): string {
  const text = readFileSync(kubeconfig, 'utf8')
  writeFileSync(path, text.replace(new URL(serverOf(kubeconfig)).host, `127.0.0.1:${gate.port}`), {
    mode: 0o600,
  })
  return path
}

test.run()
