/** Whole runs with a fleet in two pods, on the embedded cluster: its Jobs are a fake, and its pods are processes of this machine. */
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { judge } from '#weir/assertions/index.ts'
import { needsFleet } from '#weir/assertions/verdict/lost-pods.ts'
import { openCluster } from '#weir/cluster/index.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { CLIENT_KIND, type RecordEvent } from '#weir/facts/index.ts'
import { type RunRecord, readRecord } from '#weir/record/index.ts'
import { loadScenario, type Progress, runScenario } from '#weir/scenarios/index.ts'
import { startOwnCluster } from '../../cli/own-cluster/own-cluster.ts'
import { type FakeJobs, fakeJobs } from './fake-jobs.ts'

const CLIENTS = 60
/** EMQX waits for health checks for less than a released one here. */
const ASSERTS =
  '[conservation, hops, landing, refusals, session-kept, messages, wills, all-new, drained-before-delete, available, harness-healthy]'
const SCENARIO = 'blue-green-v5-quick'
const RATE = 10

const own = await startOwnCluster(
  {
    scenario: SCENARIO,
    set: [
      `cluster.manifest.spec.updateStrategy.evacuationStrategy.connEvictRate=${RATE}`,
      `cluster.manifest.spec.updateStrategy.evacuationStrategy.sessEvictRate=${RATE}`,
    ],
    resource: resources.emqxes,
  },
  { operator: '2.2.29', healthCheckWaitSeconds: 1 },
)
test.after(own.close)
await own.settled()

async function upgraded(
  version: string,
  onProgress: (progress: Progress, jobs: FakeJobs) => void = () => undefined,
): Promise<{ record: RunRecord; jobs: FakeJobs }> {
  const cluster = await openCluster({ kubeconfig: own.kubeconfig, name: own.name })
  const jobs = fakeJobs(join(own.dir, `secret-${version}`), cluster.kube)
  const scenario = loadScenario(SCENARIO, { set: [`fleet.clients=${CLIENTS}`, `assert=${ASSERTS}`] })
  const steps = scenario.steps.map((step) =>
    'action' in step && step.action === 'upgrade' ? { ...step, version } : step,
  )
  const { dir } = await runScenario({
    ...{ scenario: { ...scenario, steps }, cluster: { ...cluster, kube: jobs.kube } },
    ...{ fleetJob: { pods: 2, image: 'weir' }, outDir: join(own.dir, version), seed: 1, notes: [] },
    onProgress: (progress) => onProgress(progress, jobs),
  })
  await jobs.gone()
  return { record: await readRecord(dir), jobs }
}

const of = <Type extends RecordEvent['type']>({ events }: RunRecord, type: Type) =>
  events.filter((event): event is Extract<RecordEvent, { type: Type }> => event.type === type)

const failed = (record: RunRecord) =>
  judge(record)
    .findings.filter(({ outcome }) => outcome === 'fail')
    .map(({ id, sentence }) => `${id}: ${sentence}`)

test('an upgrade: two pods are one fleet in the record, and it is judged as any other', async () => {
  const { record } = await upgraded('5.8.7')
  assert.equal(record.damage, [])
  assert.is(record.manifest.end?.how, 'completed', record.manifest.end?.reason)
  assert.match(
    record.manifest.notes.at(-1) ?? '',
    /^The fleet runs in Job default\/weir-fleet-.* with 2 pods/,
  )
  assert.equal(
    of(record, 'fleet-pod').map(({ phase, shards }) => [phase, shards]),
    [
      ['running', [0]],
      ['running', [1]],
    ],
  )
  const { clients, fleet, messages } = record
  assert.is(fleet.ids.length, CLIENTS)
  const left = clients.kind.filter((kind) => kind === CLIENT_KIND.left).length
  assert.is(left, CLIENTS, 'every client left in order')
  assert.is(messages?.complete, true)
  assert.is(messages?.settled, true)
  assert.equal(
    of(record, 'note').filter(({ level }) => level === 'warning'),
    [],
  )
  assert.ok(
    messages!.publishers.every(({ sent }) => sent > 0),
    'clients of both pods publish',
  )
  assert.ok(of(record, 'fleet-clock').length >= 10)
  const processes = new Set(of(record, 'health').flatMap((one) => one.processes?.map((p) => p.process) ?? []))
  assert.is([...processes].filter((name) => name.startsWith('fleet pod weir-fleet-')).length, 2)
  assert.not.ok(processes.has('generator'))
  const audit = of(record, 'action').map(({ action, phase }) => `${action} ${phase}`)
  assert.is(audit[0], 'create-fleet-job done')
  assert.is(audit.at(-1), 'remove-fleet-job done')
  assert.equal(failed(record), [])
})

test('a pod that is killed in the middle of a drain is named, and its clients are unknown', async () => {
  let isKilled = false
  const { record, jobs } = await upgraded('5.8.8', ({ evacuating }, { pods }) => {
    if (isKilled || evacuating?.state !== 'evicting_conns') return
    isKilled = true
    pods[1]!.child.kill('SIGKILL')
  })
  const name = jobs.pods[1]!.object.metadata.name
  assert.is(record.manifest.end?.how, 'completed', record.manifest.end?.reason)
  const lost = of(record, 'fleet-pod').find(({ phase }) => phase === 'lost')
  assert.is(lost?.pod, name)
  const { headline, findings } = judge(record)
  assert.ok(headline.startsWith(`Fleet pod ${name} ended (Error, exit code 137) at +`), headline)
  assert.match(headline, /, and its 30 clients are unknown from then on\. /)
  for (const { id, outcome, sentence } of findings)
    if (needsFleet(id)) assert.is(outcome, 'inconclusive', `${id}: ${sentence}`)
  assert.equal(failed(record), [])
  const rows = record.clients.client.filter((client, row) => {
    return client % 2 === 1 && record.clients.kind[row] === CLIENT_KIND.connected
  })
  assert.ok(rows.length >= CLIENTS / 2, 'what had come of the pod stays')
})

test.run()
