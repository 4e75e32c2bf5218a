/** Runs on one cluster, one after the other and side by side: none inherits from another, none disturbs another. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Verdict } from '#weir/assertions/verdict/verdict.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { CLIENT_KIND } from '#weir/facts/index.ts'
import { readRecord } from '#weir/record/index.ts'
import { once, weirProcess } from '../weir-process.ts'
import { startOwnCluster } from './own-cluster.ts'

const CLIENTS = 80
const SCENARIO = 'blue-green-quick'

const own = await startOwnCluster(
  {
    scenario: SCENARIO,
    set: [
      'cluster.manifest.spec.replicas=1',
      'cluster.manifest.spec.template.spec.emqxContainer.image.version=4.4.19',
      'cluster.manifest.spec.blueGreenUpdate.evacuationStrategy.connEvictRate=40',
    ],
    resource: resources.emqxEnterprises,
  },
  { operator: '2.1.2' },
)
const { dir, settled } = own
test.after(own.close)

/** All sessions on the cluster whose id begins with the prefix, connected or not. */
const sessionsOf = async (prefix: string) => {
  const { connected, detached } = await own.clients(prefix)
  return [...connected, ...detached]
}

const SETTINGS = [
  ...['--set', `fleet.clients=${CLIENTS}`],
  // Often enough that many exchanges of QoS 2 are under way when a run is cut.
  ...['--set', 'fleet.groups.3.publish.everyMs=20', '--set', 'fleet.groups.1.publish.everyMs=200'],
]
const ASSERTS = [
  ...['conservation', 'hops', 'landing', 'refusals', 'session-kept', 'all-new', 'undisturbed-before'],
  ...['messages', 'wills', 'suback'],
]

const run = (out: string, to: string, ...more: string[]) => [
  ...['run', SCENARIO, '--kubeconfig', own.kubeconfig, '--yes', '--to', to, '--out', join(dir, out)],
  ...SETTINGS,
  ...['--set', `assert=[${ASSERTS.join(', ')}]`],
  ...more,
]

function verdictOf(out: string): [id: string, outcome: string, sentence: string][] {
  const { findings } = JSON.parse(readFileSync(join(dir, out, 'verdict.json'), 'utf8')) as Verdict
  return findings.map(({ id, outcome, sentence }) => [id, outcome, sentence])
}

/** Nothing failed; what could not be known is known where the machine was fit. */
function assertHonest(out: string, said: string): void {
  const failed = verdictOf(out).filter(([, outcome]) => outcome === 'fail')
  assert.equal(failed, [], said)
}

const prefixOf = async (out: string) =>
  /^weir-\w{6}-/.exec((await readRecord(join(dir, out))).fleet.ids[0]!)![0]

await settled()

test('a run that is interrupted ends its sessions; asked to leave them it leaves them', async () => {
  const interrupt = once('  hold  ', (child) => child.kill('SIGINT'))
  await weirProcess(run('interrupted', '4.4.20'), interrupt)
  assert.equal(await sessionsOf(await prefixOf('interrupted')), [])
  const again = once('  hold  ', (child) => child.kill('SIGINT'))
  await weirProcess(run('left', '4.4.20', '--leave-sessions'), again)
  const left = await sessionsOf(await prefixOf('left'))
  assert.is(left.length, CLIENTS / 2, 'the persistent half')
})

test('a run after one that was killed in the middle of its messages passes', async () => {
  await settled()
  const kill = once('  upgraded  ', (child) => setTimeout(() => child.kill('SIGKILL'), 2000))
  await weirProcess(run('killed', '4.4.20'), kill)
  await settled()
  const { code, stdout, stderr } = await weirProcess(run('second', '4.4.21'))
  assertHonest('second', stdout + stderr)
  assert.is.not(code, 1, stdout + stderr)
  const first = await prefixOf('killed')
  const second = await prefixOf('second')
  assert.is.not(first, second)
  assert.ok((await sessionsOf(first)).length > 0, 'the killed run has left sessions')
  assert.equal(await sessionsOf(second), [])
})

test('two at the same time do not take over a client of each other', async () => {
  await settled()
  const observe = (out: string) => [
    ...['observe', '--kubeconfig', own.kubeconfig, '--clients', String(CLIENTS)],
    ...['--hold', '2', '--out', join(dir, out)],
  ]
  let waiting = 0
  const upgrade = () => {
    if (++waiting === 2)
      void own.change({ template: { spec: { emqxContainer: { image: { version: '4.4.22' } } } } })
  }
  const both = ['one', 'other'].map((out) => weirProcess(observe(out), once('  change-begun', upgrade)))
  const results = await Promise.all(both)
  for (const [i, out] of ['one', 'other'].entries()) {
    const { clients, events, fleet } = await readRecord(join(dir, out))
    const triggerT = events.find((event) => event.type === 'mark' && event.name === 'trigger')?.t ?? 0
    assert.ok(triggerT > 0, results[i]!.stderr)
    let before = 0
    for (let row = 0; row < clients.length; row++)
      if (clients.kind[row] === CLIENT_KIND.disconnected && clients.t[row]! < triggerT) before++
    assert.is(before, 0, 'nobody was disconnected before the change')
    const ids = new Set(fleet.ids)
    for (const event of events)
      if (event.type === 'listing') assert.ok(event.connected.every((id) => ids.has(id)))
    const outcomes = new Map(verdictOf(out).map(([id, outcome]) => [id, outcome]))
    for (const id of ['hops', 'session-kept', 'undisturbed-before', 'messages', 'landing'])
      assert.is.not(outcomes.get(id), 'fail', `${out}: ${id}: ${results[i]!.stdout}`)
  }
})

test.run()
