/** Operations on a cluster of one's own, as a user with exactly deploy/rbac.yaml's rights: guards, dry run, and the operation itself. */
import type { ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { readRecord } from '#weir/record/index.ts'
import { once, weirProcess } from '../weir-process.ts'
import { assertHeld } from './held.ts'
import { startOwnCluster } from './own-cluster.ts'

const own = await startOwnCluster(
  {
    scenario: 'scale-out-v5',
    set: [
      'cluster.manifest.spec.coreTemplate.spec.replicas=2',
      'cluster.manifest.spec.updateStrategy.evacuationStrategy.connEvictRate=20',
      'cluster.manifest.spec.updateStrategy.evacuationStrategy.sessEvictRate=20',
    ],
    resource: resources.emqxes,
  },
  { operator: '2.2.29', healthCheckWaitSeconds: 1 },
)
test.after(own.close)
const kubeconfig = await own.asWeir()
await own.settled()

const read = () => own.admin.get<KubeObject & { spec: Spec }>(resources.emqxes, 'default', own.name)
interface Spec {
  coreTemplate: { spec: { replicas: number } }
}
let refused = 0
const ops = (...args: string[]) => {
  const out = args.includes('--out') ? [] : ['--out', join(own.dir, `refused-${++refused}`)]
  return weirProcess(['ops', ...args, ...out, '--kubeconfig', kubeconfig])
}

/** [what is asked, the exit code, what is said] */
const REFUSED: [string[], number, RegExp][] = [
  [
    ['scale', '8', '--yes'],
    6,
    /^weir: EMQX default\/emqx is not scaled \(rule node-count\): 8 is not from 1 to 7 nodes \[WEIR_REFUSED\]$/m,
  ],
  [['scale', '0', '--yes'], 6, /rule node-count\): 0 is not from 1 to 7/],
  [['scale', '2', '--yes'], 6, /rule no-change\): it has 2 nodes already/],
  [
    ['upgrade', '5.8.5', '--yes'],
    6,
    /is not upgraded \(rule direction\): 5\.8\.5 is older than 5\.8\.6: use weir ops downgrade/,
  ],
  [['upgrade', '5.8.6', '--yes'], 6, /rule no-change/],
  [['downgrade', '5.7.1', '--yes'], 6, /rule data-format/],
  [['scale', '3', '--policy', '/nowhere.yaml', '--yes'], 2, /the policy \/nowhere\.yaml cannot be read/],
  [['scale', '3.5', '--yes'], 2, /the number of nodes is a whole number/],
  [['scale', 'many', '--yes'], 2, /whole number/],
  [['scale', '3', '--clients', '-1', '--yes'], 2, /--clients takes a whole number/],
]

for (const [args, code, words] of REFUSED)
  test(`ops ${args.join(' ')} is refused with ${code}, and nothing is written`, async () => {
    const before = await read()
    const ended = await ops(...args)
    assert.is(ended.code, code, ended.stderr)
    assert.match(ended.stderr, words)
    assert.is((await read()).metadata.resourceVersion, before.metadata.resourceVersion)
  })

test('a refusal is recorded', async () => {
  const out = join(own.dir, 'refused')
  assert.is((await ops('scale', '9', '--out', out)).code, 6)
  const { manifest, events } = await readRecord(out)
  assert.is(manifest.scenario.name, 'ops-scale')
  assert.match(manifest.end?.reason ?? '', /rule node-count/)
  assert.equal(
    events.map((event) => event.type === 'action' && [event.action, event.phase, event.detail]),
    [
      ['scale', 'start', '{"replicas":9,"raw":false}'],
      ['scale', 'refused', manifest.end?.reason],
    ],
  )
})

test('a dry run shows the patch, and changes nothing', async () => {
  const before = await read()
  const { code, stderr } = await ops('scale', '3', '--dry-run')
  assert.is(code, 0, stderr)
  assert.match(stderr, /nodes +2 to 3 that accept clients$/m)
  assert.match(stderr, /^ +\{"spec":\{"coreTemplate":\{"spec":\{"replicas":3\}\}\}\}$/m)
  assert.is((await read()).metadata.generation, before.metadata.generation)
})

test('scaling out without clients: what the cluster shows is judged', async () => {
  const out = join(own.dir, 'out')
  const ended = await ops('scale', '3', '--yes', '--out', out)
  assertHeld(ended, out)
  const { stdout } = ended
  assert.match(stdout, /pass +untouched +2 pods ran on/)
  assert.match(stdout, /pass +membership-exact +3 pods were ready/)
  assert.is((await read()).spec.coreTemplate.spec.replicas, 3)
  const { events } = await readRecord(out)
  assert.equal(
    events.flatMap((event) => (event.type === 'action' ? [`${event.action} ${event.phase}`] : [])),
    ['apply start', 'apply done', 'scale start', 'scale done'],
  )
  assert.ok(
    events.some(
      (event) =>
        event.type === 'action' && /: spec\.coreTemplate\.spec\.replicas 2 to 3$/.test(event.detail ?? ''),
    ),
    'the audit has what was before and what is after',
  )
})

test('two operations at once: the second is refused with the id of the first', async () => {
  const started = Promise.withResolvers<void>()
  const out = join(own.dir, 'first')
  const first = weirProcess(
    ['ops', 'scale', '4', '--yes', '--out', out, '--kubeconfig', kubeconfig],
    once('cluster-ready', () => started.resolve()),
  )
  await started.promise
  const second = await ops('upgrade', '5.8.7', '--yes')
  assert.is(second.code, 6, second.stderr)
  assert.match(
    second.stderr,
    /rule one-at-a-time\): scale-\w+ is under way since \d{4}-.*, so upgrade-\w+ may not begin/,
  )
  assertHeld(await first, out)
  const leases = await own.admin.list(resources.leases, { namespace: 'default' })
  assert.equal(
    leases.items.map(({ metadata }) => metadata.name).filter((name) => name.startsWith('weir-')),
    [],
  )
})

test('an evacuation that is interrupted ends, and the node takes clients again', async () => {
  const out = join(own.dir, 'interrupted')
  const interrupt = async (child: ChildProcess) => {
    while ((await own.evacuated()).length === 0) await sleep(50)
    child.kill('SIGINT')
  }
  const ended = await weirProcess(
    ['ops', 'scale', '3', '--clients', '60', '--yes', '--out', out, '--kubeconfig', kubeconfig],
    once('  evacuate', (child) => void interrupt(child)),
  )
  assert.is(ended.code, 130, ended.stderr)
  assert.is((await read()).spec.coreTemplate.spec.replicas, 4)
  const { events } = await readRecord(out)
  const actions = events.flatMap((event) =>
    event.type === 'action' ? [`${event.action} ${event.phase}`] : [],
  )
  assert.ok(actions.includes('stop-evacuation done'), actions.join(', '))
  assert.equal(await own.evacuated(), [])
})

test('scaling in with clients: the node is evacuated first, and shown in the plan', async () => {
  const out = join(own.dir, 'in')
  const { code, stdout, stderr } = await ops('scale', '3', '--clients', '60', '--yes', '--out', out)
  assert.ok(code === 0 || code === 3, stdout + stderr)
  assert.match(stderr, /weir evacuates the node with the highest number through EMQX's API/)
  const { events } = await readRecord(out)
  const done = events.flatMap((event) =>
    event.type === 'action' && event.phase === 'done' ? [`${event.action}: ${event.detail}`] : [],
  )
  assert.match(done.join('\n'), /evacuate: emqx-core-\w+-3 has no connection and no session/)
  assert.match(done.join('\n'), /forget-members: emqx@emqx-core-\w+-3\./)
  assert.match(stdout, /pass +drained-before-delete/)
  assert.match(stdout, /pass +membership-exact/)
  assert.is((await read()).spec.coreTemplate.spec.replicas, 3)
  assert.ok(existsSync(join(out, 'report.html')))
})

test.run()
