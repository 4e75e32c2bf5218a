import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mqtt from 'mqtt'
import { createKubeApi } from '#weir/cluster/kubernetes/client.ts'
import type { Pod } from '#weir/cluster/kubernetes/kinds.ts'
import type { KubeApi, KubeObject, Resource } from '#weir/cluster/kubernetes/types.ts'
import { assemble } from '#weir/testbed/embedded/assemble.ts'
import type { EmbeddedOptions } from '#weir/testbed/types.ts'
import { listenIn, until, watchAll } from './listen.ts'
import type { WatchLine } from './recording.ts'
import type { Request } from './trace.ts'

export interface Seen {
  watch: WatchLine[]
  requests: Request[]
}

export interface Bed extends Seen {
  kube: KubeApi
  /** By "kind/name". */
  latest: Map<string, KubeObject>
  /** Those that are there now. */
  all<T extends KubeObject>(kind: string): T[]
  /** MQTT clients, by a NodePort; resolves when all are connected. */
  connect(count: number, port: number): Promise<void>
  close(): Promise<void>
}

type Options = Omit<EmbeddedOptions, 'seed' | 'dir'> & {
  watched: [kind: string, resource: Resource][]
  bootMs?: number
}

/** An embedded cluster in this process, with all that is told of it and all that its operator asks of EMQX. */
export async function startBed({ watched, bootMs, ...options }: Options): Promise<Bed> {
  const dir = await mkdtemp(join(tmpdir(), 'weir-operator-'))
  const requests: Request[] = []
  const byIp = new Map<string, string>()
  let pass = 0
  const testbed = await assemble({ ...options, seed: 1, dir }, () => {}, {
    ...(bootMs !== undefined && { bootMs }),
    operator: {
      http: listenIn(
        requests,
        (ip) => byIp.get(ip) ?? ip,
        () => pass,
      ),
      // A pass that failed and its retry are one, as they are in the recordings. Plugins have passes of their own.
      onPass(kind, isRetry) {
        if (kind !== 'EmqxPlugin' && !isRetry) pass += 1
      },
    },
  })
  const kube = createKubeApi({ kubeconfig: testbed.kubeconfig })
  const { watch, latest, stop } = watchAll(kube, watched)
  const clients: mqtt.MqttClient[] = []
  const all = <T extends KubeObject>(kind: string) =>
    [...latest].filter(([key]) => key.startsWith(`${kind}/`)).map(([, object]) => object as T)
  const addresses = setInterval(() => {
    for (const { metadata, status } of all<Pod>('Pod'))
      if (status?.podIP) byIp.set(status.podIP, metadata.name)
  }, 10)
  return {
    kube,
    watch,
    latest,
    requests,
    all,
    async connect(count, port) {
      const host = new URL(kube.server).hostname
      for (let index = 0; index < count; index += 1)
        clients.push(mqtt.connect(`mqtt://${host}:${port}`, { clientId: `c${index}`, reconnectPeriod: 200 }))
      await until('all clients', () => clients.every((client) => client.connected))
    },
    async close() {
      clearInterval(addresses)
      for (const client of clients) client.end(true)
      stop()
      kube.close()
      await testbed.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}
