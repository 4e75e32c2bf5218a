import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createKubeApi } from '#weir/cluster/kubernetes/client.ts'
import type { KubeApi, KubeObject, Resource } from '#weir/cluster/kubernetes/types.ts'
import { startApiServer } from '#weir/testbed/apiserver/index.ts'

/** Loopback networks of this process alone, so that test files may run side by side. */
const NETWORKS = { second: 192 + (process.pid % 48), third: 4 * ((process.pid >> 6) % 64) }
let servers = 0

export interface TestServer {
  kube: KubeApi
  nodeIp: string
  podIpPrefix: string
  loadBalancerPrefix: string
  close(): Promise<void>
}

/** An emulated API server with a client, and addresses for a node and its pods. */
export async function testServer(): Promise<TestServer> {
  const network = (offset: number) => `127.${NETWORKS.second}.${NETWORKS.third + offset}.`
  const nodeIp = `${network(0)}${++servers}`
  const server = await startApiServer({
    host: nodeIp,
    port: 0,
    token: 'test',
    clusterIpPrefix: network(1),
  })
  const folder = await mkdtemp(join(tmpdir(), 'weir-test-'))
  const kubeconfig = join(folder, 'kubeconfig')
  await writeFile(kubeconfig, server.kubeconfig)
  const kube = createKubeApi({ kubeconfig })
  return {
    kube,
    nodeIp,
    podIpPrefix: network(3),
    loadBalancerPrefix: network(2),
    async close() {
      kube.close()
      await server.close()
      await rm(folder, { recursive: true })
    },
  }
}

/** Every state that an object of a kind went through, as a watch saw it. */
export async function follow<T extends KubeObject>(
  kube: KubeApi,
  resource: Resource,
): Promise<{ seen: { type: string; object: T }[]; latest(name: string): T | undefined; stop(): void }> {
  const seen: { type: string; object: T }[] = []
  const watch = kube.watch<T>(
    resource,
    { namespace: 'default' },
    {
      onList: (items) => {
        for (const object of items) seen.push({ type: 'LISTED', object })
      },
      onEvent: (type, object) => {
        seen.push({ type, object })
      },
      onGap: () => {},
    },
  )
  await watch.ready
  return {
    seen,
    latest: (name) => seen.findLast(({ object }) => object.metadata.name === name)?.object,
    stop: () => watch.stop(),
  }
}
