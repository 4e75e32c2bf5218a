/** What a run does to a cluster in the middle of a change: to which pod, what it sends, and what it puts right at its end. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import type { Disturbance, Evacuation } from '#weir/facts/index.ts'
import { disturb } from '#weir/scenarios/actions/interference/disturb.ts'
import { evictPod, uncordon } from '#weir/scenarios/actions/interference/evict-pod.ts'
import { chosen, killPod, type PodChoice } from '#weir/scenarios/actions/interference/kill-pod.ts'
import { startOperator, stopOperator } from '#weir/scenarios/actions/interference/operator.ts'
import { waits } from '#weir/scenarios/waits/index.ts'
import { type FakeCluster, type FakeRun, fakeRun, pod } from '../fake-run.ts'

const NEVER = new AbortController().signal
const blue = [0, 1].map((i) => pod(`emqx-ee-blue-${i}`))
const green = [0, 1].map((i) => pod(`emqx-ee-green-${i}`))

const evacuation = (
  node: string,
  currentConnected: number,
  state: Evacuation['state'] = 'evicting_conns',
) => ({
  ...{ node, state, connectionEvictionRate: 20, sessionEvictionRate: 20, recipients: [] },
  ...{ initialConnected: 100, initialSessions: 50, currentConnected, currentSessions: 50 },
})

/** A run in the middle of an update: blue-1 is evacuated, blue-0 is not yet, green is there. */
function midUpdate(kube: FakeCluster['kube'] = {}): FakeRun {
  const run = fakeRun({ kube })
  run.observe(...blue)
  run.state.changed({ t: 1, pods: new Set(blue.map(({ uid }) => uid)), sets: ['emqx-ee-blue'] })
  run.observe(...green)
  run.state.evacuationsSampled([evacuation('emqx-ee@emqx-ee-blue-1', 60)])
  return run
}

const says = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: Error) => error.message,
  )
const audit = (run: FakeRun) => run.of('action').map(({ action, phase }) => `${action} ${phase}`)

test('a pod is chosen by the part that its node has in the update', () => {
  const run = midUpdate()
  const nameOf = (choice: PodChoice) => chosen(run, choice).name
  assert.is(nameOf('an evacuated'), 'emqx-ee-blue-1')
  assert.is(nameOf('an old'), 'emqx-ee-blue-0')
  assert.is(nameOf('a new'), 'emqx-ee-green-0')
  assert.is(nameOf('any'), run.live.pods.find(({ ready }) => ready)!.name)
  run.observe({ ...blue[0]!, deleting: true }, ...green.map((one) => ({ ...one, ready: false })))
  assert.throws(() => nameOf('an old'), /there is no pod of an old node/)
  assert.throws(() => nameOf('a new'), /there is no pod of a new node/)
})

test('kill-pod deletes without grace, that very pod, and the record says which', async () => {
  const deleted: unknown[] = []
  const run = midUpdate({ delete: async (...[, , name, options]) => void deleted.push(name, options) })
  await killPod(run, { pod: 'an evacuated' })
  assert.equal(deleted, ['emqx-ee-blue-1', { gracePeriodSeconds: 0, uid: 'uid-emqx-ee-blue-1' }])
  assert.is(run.of('action').at(-1)?.endedPod, 'emqx-ee-blue-1')
})

/** An API server with one Deployment, whose pods follow its replicas at once, and one machine. */
function server(evictionStatus = 201) {
  const state = { replicas: 1 as number, unschedulable: false, evicted: 0 }
  const deployment = (): KubeObject => ({
    metadata: { name: 'manager', namespace: 'operators' },
    spec: {
      replicas: state.replicas,
      template: { spec: { containers: [{ image: 'emqx-operator:2.1.2' }] } },
    },
    status: { replicas: state.replicas, availableReplicas: state.replicas },
  })
  const kube = {
    get: async ({ plural }: { plural: string }) =>
      plural === 'deployments'
        ? deployment()
        : { metadata: { name: 'p' }, spec: { nodeName: 'machine-1', unschedulable: state.unschedulable } },
    list: async () => ({ items: [deployment()], resourceVersion: '1' }),
    patch: async ({ plural }: { plural: string }, ...[, , , body]: unknown[]) => {
      const { spec } = body as { spec: { replicas?: number; unschedulable?: boolean | null } }
      if (plural === 'nodes') state.unschedulable = spec.unschedulable === true
      else state.replicas = spec.replicas!
      return deployment()
    },
    raw: async () => {
      if (evictionStatus < 300) state.evicted++
      return {
        status: evictionStatus,
        body: { message: 'it would violate the budget', reason: 'TooManyRequests' },
      }
    },
  } as unknown as FakeCluster['kube']
  return { state, kube }
}

test('the operator is stopped by its Deployment, found where nobody said where it is, and started with as many pods', async () => {
  const { state, kube } = server()
  state.replicas = 2
  const run = midUpdate(kube)
  await stopOperator(run, NEVER)
  assert.is(state.replicas, 0)
  await startOperator(run, NEVER)
  assert.is(state.replicas, 2)
  assert.equal(audit(run), [
    'stop-operator start',
    'stop-operator done',
    'start-operator start',
    'start-operator done',
  ])
  assert.match((await says(startOperator(run, NEVER))) ?? '', /has not been stopped/)
  await run.cleanUp.all((stop) => stop())
  assert.is(audit(run).length, 4, 'nothing is left to put right')
})

test('a run that ends while the operator is stopped, or a machine cordoned, puts both right', async () => {
  const { state, kube } = server()
  const run = midUpdate(kube)
  await stopOperator(run, NEVER)
  await evictPod(run, { pod: 'an old' })
  assert.equal(state, { replicas: 0, unschedulable: true, evicted: 1 })
  await run.cleanUp.all((stop) => stop())
  assert.equal(state, { replicas: 1, unschedulable: false, evicted: 1 })
})

test('an eviction that the budget refuses is a refusal, in the server’s words, and ends no pod', async () => {
  const { state, kube } = server(429)
  const run = midUpdate(kube)
  assert.match(
    (await says(evictPod(run, { pod: 'an old' }))) ?? '',
    /evict-pod was refused: it would violate the budget/,
  )
  assert.is(
    run.of('action').some(({ endedPod }) => endedPod !== undefined),
    false,
  )
  await uncordon(run)
  assert.is(state.unschedulable, false)
})

test('a machine that was cordoned before the run stays so, and is none of its doing', async () => {
  const { state, kube } = server()
  state.unschedulable = true
  const run = midUpdate(kube)
  await evictPod(run, { pod: 'an old' })
  await uncordon(run)
  await run.cleanUp.all((stop) => stop())
  assert.is(state.unschedulable, true)
  assert.is(
    run.of('action').some(({ action }) => action === 'cordon'),
    false,
  )
})

test('a disturbance goes to the embedded cluster, and nowhere else', async () => {
  assert.match(
    (await says(
      disturb(midUpdate(), {
        action: 'disturb',
        what: 'network-cut',
        seconds: 2,
        pod: 'an old',
        deadlineSeconds: 60,
      }),
    )) ?? '',
    /network-cut is possible on the embedded cluster alone/,
  )
  const asked: Disturbance[] = []
  const clusterProcess = { disturb: async (one: Disturbance) => void asked.push(one) }
  const run = Object.assign(midUpdate(), { clusterProcess })
  await disturb(run as unknown as FakeRun, {
    action: 'disturb',
    what: 'network-cut',
    seconds: 2,
    pod: 'an old',
    deadlineSeconds: 60,
  })
  assert.equal(asked, [{ what: 'network-cut', seconds: 2, podIp: blue[0]!.ip }])
})

test('draining: EMQX evicts from a node, and a quarter of its connections is gone', () => {
  const run = fakeRun()
  const look = () => waits.draining.poll(run)
  assert.is(look(), 'nothing has been changed')
  run.state.changed({ t: 1, pods: new Set(), sets: [] })
  assert.is(look(), 'EMQX evacuates no node')
  run.state.evacuationsSampled([evacuation('blue-1', 100, 'waiting_health_check')])
  assert.is(look(), 'blue-1: waiting_health_check, 100 of 100 connections left')
  run.state.evacuationsSampled([evacuation('blue-1', 76)])
  assert.is(look(), 'blue-1: evicting_conns, 76 of 100 connections left')
  run.state.evacuationsSampled([evacuation('blue-1', 75)])
  assert.is(look(), undefined)
})

test('a change while another is under way goes on from the cluster before the first; one after it does not', () => {
  const run = fakeRun()
  const change = (t: number, uid: string, version?: string) =>
    run.state.changed({ t, pods: new Set([uid]), sets: [uid], version })
  change(1, 'blue', '5.8.7')
  change(2, 'green')
  assert.equal(
    [run.state.trigger?.t, [...run.state.trigger!.pods], run.state.trigger?.version],
    [1, ['blue'], '5.8.7'],
  )
  run.state.changeDone()
  change(3, 'red')
  assert.equal(
    [run.state.trigger?.t, [...run.state.trigger!.pods], run.state.trigger?.version],
    [3, ['red'], undefined],
  )
})

test.run()
