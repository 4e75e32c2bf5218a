/** The room on the Node: what pods request of it, and what the scheduler says of those that do not fit. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Node, Pod } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { whyNotOn } from '#weir/testbed/controllers/node-room.ts'
import { cluster, create, eventually, isUp, statefulSet, withCluster } from './harness.ts'

withCluster(test)

const node = (allocatable: Record<string, string>): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'hollow' },
  spec: {},
  status: { allocatable },
})

const asking = (requests: object, more: object = {}): Pod => ({
  metadata: { name: 'pod' },
  spec: { containers: [{ name: 'emqx', image: 'emqx', resources: { requests } }], ...more },
})

const VICTIMS = 'preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.'
const HOPELESS = 'preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.'

test('a pod fits, or the reason is said as kube-scheduler says it', () => {
  const room = node({ cpu: '2', memory: '2Gi', pods: '3' })
  const one = asking({ cpu: '1', memory: '1Gi' })
  assert.is(whyNotOn(room, one, [one]), undefined, 'exactly full')
  assert.is(
    whyNotOn(room, one, [one, asking({ cpu: '1m' })]),
    `0/1 nodes are available: 1 Insufficient cpu. ${VICTIMS}`,
  )
  assert.is(
    whyNotOn(room, one, [one, one]),
    `0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory. ${VICTIMS}`,
  )
  assert.is(
    whyNotOn(room, asking({ cpu: '2001m' }), []),
    `0/1 nodes are available: 1 Insufficient cpu. ${HOPELESS}`,
  )
  assert.is(
    whyNotOn(room, asking({ memory: '3Gi' }), []),
    `0/1 nodes are available: 1 Insufficient memory. ${HOPELESS}`,
  )
  const free = asking({})
  assert.is(whyNotOn(room, free, [free, free, free]), `0/1 nodes are available: 1 Too many pods. ${VICTIMS}`)
  assert.is(whyNotOn(node({}), asking({ cpu: '1000' }), [one]), undefined, 'a node that tells no figures')
})

test('limits count where there are no requests, and init containers only where they need more', () => {
  const room = node({ cpu: '1', memory: '1Gi' })
  const limited: Pod = {
    metadata: { name: 'pod' },
    spec: { containers: [{ name: 'a', image: 'a', resources: { limits: { cpu: '2' } } }] },
  }
  assert.match(whyNotOn(room, limited, []) ?? '', /Insufficient cpu/)
  const init = (cpu: string, more = {}) =>
    asking(
      { cpu: '600m' },
      { initContainers: [{ name: 'i', image: 'i', resources: { requests: { cpu } }, ...more }] },
    )
  assert.is(whyNotOn(room, init('900m'), []), undefined)
  assert.match(whyNotOn(room, init('1100m'), []) ?? '', /Insufficient cpu/)
  assert.match(whyNotOn(room, init('500m', { restartPolicy: 'Always' }), []) ?? '', /Insufficient cpu/)
})

const wants = (name: string, replicas: number, cpu: string) => {
  const set = statefulSet(name, replicas)
  set.spec.template.spec.containers[0]!.resources = { requests: { cpu } }
  return set
}

const conditionOf = (pod: Pod | undefined) =>
  pod?.status?.conditions?.find(({ type }) => type === 'PodScheduled')

const podNamed = (name: string) =>
  cluster.kube.get<Pod>(resources.pods, 'default', name).catch(() => undefined)

const refused = (name: string, words: RegExp) =>
  eventually(async () => {
    const condition = conditionOf(await podNamed(name))
    return condition?.reason === 'Unschedulable' && words.test(condition.message ?? '')
      ? condition
      : undefined
  }, `${name} is unschedulable: ${words}`)

test('of pods that come at once as many are bound as have room; the next is bound when one goes', async () => {
  await cluster.kube.create(resources.nodes, node({ cpu: '2', memory: '1Gi', pods: '250' }))
  await create(wants('blue', 2, '1'))
  await cluster.settled('blue', isUp(2), 'two pods fill the node')
  await create(wants('green', 1, '500m'))
  await refused(
    'green-0',
    /^0\/1 nodes are available: 1 Insufficient cpu\. preemption: .* No preemption victims/,
  )
  assert.not.ok((await podNamed('green-0'))?.spec.nodeName)
  await cluster.kube.patch(resources.statefulSets, 'default', 'blue', 'merge', { spec: { replicas: 1 } })
  await cluster.settled('green', isUp(1), 'the pod that waited has room')
  assert.is(conditionOf(await podNamed('green-0'))?.status, 'True')
})

test('of three that ask for half of the node each, two are bound', async () => {
  await cluster.kube.create(resources.nodes, node({ cpu: '2' }))
  await create(wants('blue', 3, '1'))
  await eventually(async () => {
    const pods = await cluster.pods()
    const bound = pods.filter(({ spec }) => spec.nodeName).length
    const waiting = pods.filter((pod) => conditionOf(pod)?.reason === 'Unschedulable').length
    assert.ok(bound <= 2, `${bound} pods are bound`)
    return bound === 2 && waiting === 1 ? true : undefined
  }, 'two bound, one waits')
})

test('a pod that asks for more than the node has waits, says so once, and is bound when the node grows', async () => {
  await cluster.kube.create(resources.nodes, node({ cpu: '2', memory: '1Gi' }))
  await create(wants('blue', 1, '4'))
  await refused('blue-0', /1 Insufficient cpu\. preemption: .* Preemption is not helpful/)
  const told = () =>
    cluster
      .changes('Event')
      .filter(({ object }) => (object as { reason?: string }).reason === 'FailedScheduling')
  // The Event is written after the condition.
  await eventually(async () => (told().length > 0 ? true : undefined), 'an Event of it')
  await cluster.kube.patch(
    resources.nodes,
    undefined,
    'hollow',
    'merge',
    { status: { allocatable: { cpu: '8' } } },
    { subresource: 'status' },
  )
  await cluster.settled('blue', isUp(1), 'the pod has room')
  assert.is(told().length, 1)
})

test('the API server refuses a set whose containers request more than their limits, and no pod comes of it', async () => {
  const set = statefulSet('blue', 1)
  set.spec.template.spec.containers[0]!.resources = { requests: { cpu: '2' }, limits: { cpu: '1' } }
  const made = await cluster.kube.raw('POST', '/apis/apps/v1/namespaces/default/statefulsets', {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    ...set,
  })
  assert.is(made.status, 422)
  assert.match(
    (made.body as { message: string }).message,
    /spec\.template\.spec\.containers\[0\]\.resources\.requests: Invalid value: "2": must be less than or equal to cpu limit of 1/,
  )
  assert.equal(await cluster.pods(), [])
})

test.run()
