import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import { createEmqxCluster } from '../../emqx/index.ts'
import type { Faults } from '../../faults/index.ts'
import { createPodHttp, type PodHttp } from '../../operator/runtime/pod-http.ts'
import { startHub } from './hub.ts'

export interface EmulationOptions {
  /** An address of this machine that pods reach. */
  host: string
  faults: Faults
  seed: number
  healthCheckWaitSeconds?: number | undefined
  log(line: string): void
}

export interface Emulation {
  /** host:port, for the program emqx-pod. */
  address: string
  /** For an emulated operator, which runs beside the nodes and not in the cluster. */
  http: PodHttp
  close(): Promise<void>
}

/** The emulated EMQX nodes of a kind cluster. */
export async function startEmulation(
  kube: KubeApi,
  { host, faults, seed, healthCheckWaitSeconds, log }: EmulationOptions,
): Promise<Emulation> {
  const cluster = createEmqxCluster({ faults, seed, healthCheckWaitSeconds })
  const hub = await startHub(kube, { cluster, host, log })
  const http = createPodHttp()
  return {
    address: hub.address,
    http: {
      send: (ip, ...request) => http.send(hub.ownAddressOf(ip), ...request),
      close: () => http.close(),
    },
    async close() {
      cluster.close()
      await hub.close()
    },
  }
}
