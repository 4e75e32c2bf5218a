import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Pod } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { createEmqxCluster } from '#weir/testbed/emqx/index.ts'
import { makeFaults } from '#weir/testbed/faults/index.ts'
import { startKubelet } from '#weir/testbed/kubelet/index.ts'
import { join } from '../emqx/support/raw-client.ts'
import { until } from '../emqx/support/until.ts'
import { follow, testServer } from './support/api-server.ts'
import { bed, condition, emqxPod, isUp, NODE } from './support/bed.ts'

test('a deleted pod: Killing, clients closed, Succeeded, gone', async () => {
  const { kube, pods, cluster, reasons, complaints, close } = await bed()
  await kube.create(resources.pods, emqxPod('emqx-ee-a-0'))
  await until(() => isUp(cluster, pods.latest('emqx-ee-a-0')?.status?.podIP))
  await until(() => condition(pods.latest('emqx-ee-a-0'), 'Ready')?.status === 'True')
  const client = await join(pods.latest('emqx-ee-a-0')!.status!.podIP!, { clientId: 'c' })
  const from = pods.seen.length
  await kube.delete(resources.pods, 'default', 'emqx-ee-a-0')
  await until(() => pods.seen.at(-1)?.type === 'DELETED')
  assert.is(client.ended, true)
  const after = pods.seen.slice(from).map(({ object }) => ({
    phase: object.status?.phase,
    ready: condition(object, 'Ready')?.status,
    reason: condition(object, 'Ready')?.reason,
  }))
  assert.equal(after[0], { phase: 'Running', ready: 'True', reason: undefined })
  assert.equal(after.at(-1), { phase: 'Succeeded', ready: 'False', reason: 'PodCompleted' })
  const [emqx] = pods.seen.at(-1)!.object.status!.containerStatuses!
  assert.is('terminated' in emqx!.state! && emqx!.state.terminated.exitCode, 0)
  await until(() => reasons('emqx-ee-a-0').length === 8)
  assert.equal(reasons('emqx-ee-a-0').slice(6), [
    'Killing: Stopping container emqx',
    'Killing: Stopping container reloader',
  ])
  assert.equal(complaints, [])
  await close()
})

test('a pod that takes longer than its grace period is killed', async () => {
  const server = await testServer()
  const cluster = createEmqxCluster({ faults: makeFaults([]), seed: 3 })
  const kubelet = await startKubelet(server.kube, {
    nodeName: NODE,
    nodeIp: server.nodeIp,
    podIpPrefix: server.podIpPrefix,
    cluster,
    bootMs: 0,
    terminateMs: 3_600_000,
  })
  const pods = await follow<Pod>(server.kube, resources.pods)
  await server.kube.create(resources.pods, emqxPod('emqx-ee-a-0'))
  await until(() => isUp(cluster, pods.latest('emqx-ee-a-0')?.status?.podIP))
  await server.kube.delete(resources.pods, 'default', 'emqx-ee-a-0', { gracePeriodSeconds: 1 })
  await until(() => pods.seen.at(-1)?.type === 'DELETED')
  const { status } = pods.seen.at(-1)!.object
  assert.is(status?.phase, 'Failed')
  const [emqx] = status!.containerStatuses!
  assert.is('terminated' in emqx!.state! && emqx!.state.terminated.exitCode, 137)
  pods.stop()
  kubelet.stop()
  cluster.close()
  await server.close()
})

test('a pod that is deleted by force takes its node along at once', async () => {
  const { kube, pods, cluster, close } = await bed()
  await kube.create(resources.pods, emqxPod('emqx-ee-a-0'))
  await until(() => isUp(cluster, pods.latest('emqx-ee-a-0')?.status?.podIP))
  const ip = pods.latest('emqx-ee-a-0')!.status!.podIP!
  await kube.delete(resources.pods, 'default', 'emqx-ee-a-0', { gracePeriodSeconds: 0 })
  await until(() => !isUp(cluster, ip))
  await close()
})

test.run()
