import { createServer } from 'node:net'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Pod } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { join } from '../emqx/support/raw-client.ts'
import { until } from '../emqx/support/until.ts'
import { bed, condition, emqxPod, isUp, NODE } from './support/bed.ts'

test('the Node is registered with its address and Ready', async () => {
  const { kube, nodeIp, close } = await bed()
  const node = await kube.get<
    KubeObject & { status: { addresses: object[]; conditions: { type: string; status: string }[] } }
  >(resources.nodes, undefined, NODE)
  assert.equal(node.status.addresses[0], { type: 'InternalIP', address: nodeIp })
  assert.is(node.status.conditions.find(({ type }) => type === 'Ready')?.status, 'True')
  await close()
})

test('a pod comes up as recorded: Pending, ContainerCreating, then Running with an address and Ready', async () => {
  const { kube, pods, cluster, reasons, complaints, podIpPrefix, nodeIp, close } = await bed()
  await kube.create(resources.pods, emqxPod('emqx-ee-a-0'))
  await until(() => condition(pods.latest('emqx-ee-a-0'), 'Ready')?.status === 'True')
  const states = pods.seen.map(({ object: { status } }) => ({
    phase: status?.phase,
    ready: status?.conditions?.find(({ type }) => type === 'Ready')?.status,
    hasIp: status?.podIP !== undefined,
  }))
  assert.equal(states, [
    { phase: 'Pending', ready: undefined, hasIp: false },
    { phase: 'Pending', ready: 'False', hasIp: false },
    { phase: 'Running', ready: 'True', hasIp: true },
  ])
  const { status } = pods.latest('emqx-ee-a-0')!
  assert.ok(status!.podIP!.startsWith(podIpPrefix))
  assert.is(status!.hostIP, nodeIp)
  assert.equal(
    status!.containerStatuses!.map(({ name, image, ready, started, restartCount }) => ({
      name,
      image,
      ready,
      started,
      restartCount,
    })),
    [
      { name: 'emqx', image: 'docker.io/emqx/emqx-ee:4.4.14', ready: true, started: true, restartCount: 0 },
      {
        name: 'reloader',
        image: 'docker.io/emqx/emqx-operator-reloader:0.0.2',
        ready: true,
        started: true,
        restartCount: 0,
      },
    ],
  )
  const creating = pods.seen[1]!.object.status!
  assert.is(
    condition({ status: creating } as Pod, 'ContainersReady')?.message,
    'containers with unready status: [emqx reloader]',
  )
  for (const type of ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'])
    assert.is(condition(pods.latest('emqx-ee-a-0'), type)?.status, 'True', type)
  assert.is(condition(pods.latest('emqx-ee-a-0'), 'Ready')?.reason, undefined)
  await until(() => reasons('emqx-ee-a-0').length === 6)
  assert.equal(reasons('emqx-ee-a-0'), [
    'Pulled: Container image "emqx/emqx-ee:4.4.14" already present on machine',
    'Created: Created container: emqx',
    'Started: Started container emqx',
    'Pulled: Container image "emqx/emqx-operator-reloader:0.0.2" already present on machine',
    'Created: Created container: reloader',
    'Started: Started container reloader',
  ])
  await until(() => isUp(cluster, status!.podIP))
  const client = await join(status!.podIP!, { clientId: 'c' })
  assert.is(client.of('connack')[0]!.reasonCode, 0)
  assert.equal(complaints, [])
  await close()
})

test('pods of one headless Service form one EMQX cluster under the names that the operator expects', async () => {
  const { kube, pods, cluster, close } = await bed()
  for (const name of ['emqx-ee-a-0', 'emqx-ee-a-1']) await kube.create(resources.pods, emqxPod(name))
  const ip = (name: string) => pods.latest(name)?.status?.podIP
  await until(() => isUp(cluster, ip('emqx-ee-a-0')) && isUp(cluster, ip('emqx-ee-a-1')))
  assert.is.not(ip('emqx-ee-a-0'), ip('emqx-ee-a-1'))
  const response = await fetch(`http://${ip('emqx-ee-a-1')}:8081/api/v4/nodes`, {
    headers: { authorization: `Basic ${btoa('admin:public')}` },
  })
  const { data } = (await response.json()) as { data: { node: string; version: string }[] }
  assert.equal(
    data.map(({ node, version }) => `${node} ${version}`).sort(),
    ['0', '1'].map(
      (ordinal) => `emqx-ee@emqx-ee-a-${ordinal}.emqx-ee-headless.default.svc.cluster.local 4.4.14`,
    ),
  )
  await close()
})

test('readiness gates: not Ready without the condition, Ready with it, and not any more when it turns', async () => {
  const { kube, pods, close } = await bed()
  const gate = 'apps.emqx.io/on-serving'
  await kube.create(resources.pods, emqxPod('emqx-ee-a-0', { gates: [gate] }))
  const ready = () => condition(pods.latest('emqx-ee-a-0'), 'Ready')
  await until(() => condition(pods.latest('emqx-ee-a-0'), 'ContainersReady')?.status === 'True')
  assert.is(ready()?.status, 'False')
  assert.is(ready()?.reason, 'ReadinessGatesNotReady')
  assert.is(ready()?.message, `corresponding condition of pod readiness gate "${gate}" does not exist.`)
  const set = (status: string) =>
    kube.patch(
      resources.pods,
      'default',
      'emqx-ee-a-0',
      'strategic',
      { status: { conditions: [{ type: gate, status }] } },
      { subresource: 'status' },
    )
  await set('True')
  await until(() => ready()?.status === 'True')
  assert.is(ready()?.reason, undefined)
  assert.is(ready()?.message, undefined)
  await set('False')
  await until(() => ready()?.status === 'False')
  assert.is(ready()?.message, `the status of pod readiness gate "${gate}" is not "True", but False`)
  assert.is(
    condition(pods.latest('emqx-ee-a-0'), gate)?.status,
    'False',
    "the operator's condition is left alone",
  )
  await close()
})

test('a status is written only when it says something new', async () => {
  const { kube, pods, close } = await bed()
  await kube.create(resources.pods, emqxPod('emqx-ee-a-0', { gates: ['x'] }))
  await until(() => condition(pods.latest('emqx-ee-a-0'), 'ContainersReady')?.status === 'True')
  const from = pods.seen.length
  for (const value of ['1', '2', '3'])
    await kube.patch(resources.pods, 'default', 'emqx-ee-a-0', 'merge', {
      metadata: { annotations: { value } },
    })
  await new Promise((resolve) => setTimeout(resolve, 600))
  assert.is(pods.seen.length - from, 3)
  await close()
})

test('an image that does not exist: ErrImagePull, then ImagePullBackOff, and the other container runs', async () => {
  const { kube, pods, reasons, cluster, close } = await bed()
  await kube.create(resources.pods, emqxPod('emqx-ee-a-0', { image: 'emqx/emqx-ee:4.4.99' }))
  const state = () => pods.latest('emqx-ee-a-0')?.status?.containerStatuses?.[0]?.state
  const waiting = () => {
    const now = state()
    return now !== undefined && 'waiting' in now ? now.waiting.reason : undefined
  }
  await until(() => waiting() === 'ErrImagePull')
  await until(() => waiting() === 'ImagePullBackOff')
  const pod = pods.latest('emqx-ee-a-0')!
  assert.is(pod.status!.phase, 'Pending')
  assert.is(pod.status!.containerStatuses![1]!.ready, true)
  assert.is(condition(pod, 'Ready')?.message, 'containers with unready status: [emqx]')
  await until(() => reasons('emqx-ee-a-0').some((line) => line.startsWith('BackOff')))
  const emqx = reasons('emqx-ee-a-0').filter((line) => !line.includes('reloader'))
  assert.equal(
    emqx.map((line) => line.split(':')[0]),
    ['Pulling', 'Failed', 'Failed', 'BackOff', 'Failed'].slice(0, emqx.length),
  )
  assert.is(isUp(cluster, pod.status!.podIP), false)
  await kube.delete(resources.pods, 'default', 'emqx-ee-a-0')
  await until(() => pods.seen.at(-1)?.type === 'DELETED')
  await close()
})

test('a container waits for the Secret that it mounts, and EMQX knows its applications', async () => {
  const { kube, pods, cluster, reasons, close } = await bed()
  await kube.create(resources.pods, emqxPod('emqx-ee-a-0', { secret: 'emqx-ee-bootstrap-user' }))
  await until(() => reasons('emqx-ee-a-0').some((line) => line.startsWith('FailedMount')))
  await kube.create(resources.secrets, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'emqx-ee-bootstrap-user', namespace: 'default' },
    data: { bootstrap_user: Buffer.from('own:key\nemqx_operator_controller:secret').toString('base64') },
  })
  await until(() => isUp(cluster, pods.latest('emqx-ee-a-0')?.status?.podIP))
  const ip = pods.latest('emqx-ee-a-0')!.status!.podIP
  for (const [user, status] of [
    ['emqx_operator_controller:secret', 200],
    ['own:key', 200],
    ['own:other', 401],
  ] as const) {
    const response = await fetch(`http://${ip}:8081/api/v4/nodes`, {
      headers: { authorization: `Basic ${btoa(user)}`, connection: 'close' },
    })
    await response.text()
    assert.is(response.status, status, user)
  }
  await close()
})

test('an EMQX whose address is taken crashes and is said to', async () => {
  const { kube, pods, reasons, complaints, podIpPrefix, close } = await bed()
  const squatter = createServer()
  await new Promise<void>((resolve) => squatter.listen({ host: `${podIpPrefix}2`, port: 8081 }, resolve))
  await kube.create(resources.pods, emqxPod('emqx-ee-a-0'))
  const [emqx, reloader] = [0, 1].map(
    (index) => () => pods.latest('emqx-ee-a-0')?.status?.containerStatuses?.[index],
  )
  await until(() => {
    const state = emqx!()?.state
    return state !== undefined && 'waiting' in state && state.waiting.reason === 'CrashLoopBackOff'
  })
  assert.is(emqx!()?.ready, false)
  await until(() => reloader!()?.ready === true)
  await until(() => reasons('emqx-ee-a-0').some((line) => line.startsWith('BackOff')))
  assert.match(complaints[0]!, `${podIpPrefix}2:8081 is taken`)
  squatter.close()
  await close()
})

test.run()
