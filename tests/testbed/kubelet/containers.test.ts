import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Container, ContainerStatus, Pod } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { createEmqxCluster } from '#weir/testbed/emqx/index.ts'
import { makeFaults } from '#weir/testbed/faults/index.ts'
import { startKubelet } from '#weir/testbed/kubelet/index.ts'
import type { Program } from '#weir/testbed/kubelet/program.ts'
import { until } from '../emqx/support/until.ts'
import { follow, testServer } from './support/api-server.ts'
import { NODE } from './support/bed.ts'

/** Programs that end when the test says so. */
function puppet() {
  const starts: { exit(code: number): void; said: string[] }[] = []
  const program: Program = {
    prepare: async () => ({
      start() {
        const { promise: exited, resolve: exit } = Promise.withResolvers<number>()
        const said: string[] = []
        starts.push({ exit, said })
        return {
          exited,
          async exec(command) {
            said.push(command.join(' '))
            return 1
          },
          terminate() {
            said.push('SIGTERM')
            exit(0)
          },
          kill() {
            said.push('SIGKILL')
            exit(137)
          },
        }
      },
    }),
  }
  return { starts, program }
}

async function bed(more: Partial<Container> = {}, spec: object = {}) {
  const server = await testServer()
  const { starts, program } = puppet()
  const kubelet = await startKubelet(server.kube, {
    nodeName: NODE,
    nodeIp: server.nodeIp,
    podIpPrefix: server.podIpPrefix,
    cluster: createEmqxCluster({ faults: makeFaults([]), seed: 1 }),
    programOf: (image) => (image === 'registry.example/program:1' ? program : undefined),
  })
  const pods = await follow<Pod>(server.kube, resources.pods)
  const container: Container = { name: 'main', image: 'registry.example/program:1', ...more }
  await server.kube.create(resources.pods, {
    metadata: { name: 'p', namespace: 'default' },
    spec: { nodeName: NODE, containers: [container], ...spec },
  })
  return {
    ...server,
    starts,
    pods,
    status: (): ContainerStatus | undefined => pods.latest('p')?.status?.containerStatuses?.[0],
    async close() {
      pods.stop()
      kubelet.stop()
      await server.close()
    },
  }
}

test('a program that ends is started again: at once, then after a pause that the status tells', async () => {
  const { starts, status, pods, close } = await bed()
  await until(() => status()?.ready === true)
  starts[0]!.exit(2)
  await until(() => starts.length === 2 && status()?.restartCount === 1 && status()?.ready === true)
  const last = status()?.lastState as { terminated: { exitCode: number; reason: string } }
  assert.is(last.terminated.exitCode, 2)
  assert.is(last.terminated.reason, 'Error')
  starts[1]!.exit(2)
  await until(() => 'waiting' in (status()?.state ?? {}))
  const { waiting } = status()!.state as { waiting: { reason: string; message: string } }
  assert.is(waiting.reason, 'CrashLoopBackOff')
  assert.match(waiting.message, /^back-off 10s restarting failed container=main pod=p_default\(/)
  const phases = new Set(pods.seen.map(({ object }) => (object as Pod).status?.phase))
  assert.equal([...phases].sort(), ['Pending', 'Running'], 'a pod whose container comes again has not ended')
  assert.is(starts.length, 2)
  await close()
})

test('a container that is to run once is done when it ends', async () => {
  for (const [code, phase] of [
    [0, 'Succeeded'],
    [1, 'Failed'],
  ] as const) {
    const { starts, pods, close } = await bed({}, { restartPolicy: 'Never' })
    await until(() => starts.length === 1)
    starts[0]!.exit(code)
    await until(() => pods.latest('p')?.status?.phase === phase)
    assert.is(starts.length, 1)
    await close()
  }
})

test('a container that does not answer its liveness probe is ended and started again', async () => {
  const { starts, status, close } = await bed({
    livenessProbe: { httpGet: { path: '/', port: 9 }, periodSeconds: 1, failureThreshold: 1 },
  })
  await until(() => starts.length === 2 && status()?.restartCount === 1)
  assert.equal(starts[0]!.said, ['SIGTERM'])
  await close()
})

test('a deleted pod runs its preStop command, gets SIGTERM, and is gone', async () => {
  const { kube, starts, status, pods, close } = await bed({
    lifecycle: { preStop: { exec: { command: ['leave', 'now'] } } },
  })
  await until(() => status()?.ready === true)
  await kube.delete(resources.pods, 'default', 'p')
  await until(() => pods.seen.some(({ type }) => type === 'DELETED'))
  assert.equal(starts[0]!.said, ['leave now', 'SIGTERM'])
  assert.is(starts.length, 1)
  await close()
})

test.run()
