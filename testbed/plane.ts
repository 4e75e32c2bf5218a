import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import type { WeirError } from '#weir/errors/index.ts'
import type { Faults } from './faults/index.ts'
import type { KubeletAddress } from './kubelet/server.ts'
import type { NodeDirectory } from './types.ts'

/** Where kubelets listen. */
export const KUBELET_PORT = 10250

/** The control plane of a testbed and the addresses of its one Node: emulated, or Kubernetes' own. */
export interface Plane {
  kubeconfig: string
  apiServer: { host: string; port: number; certificate: string }
  /** InternalIP of the Node, on which webhooks and DNS listen too. */
  nodeIp: string
  /** Pods get .2 to .254 of it. */
  podPrefix: string
  /** Load balancers get .2 to .254 of it. */
  loadBalancerPrefix: string
  /** Where the API server expects the kubelet. */
  kubelet: KubeletAddress
  /** Whether a Service address is one that the service proxy can listen on. */
  isServiceAddress(address: string): boolean
  /** What Services lead to that is no pod. */
  directory?: NodeDirectory
  /** Resolves when a part of it dies without having been closed; left out where it shares this process. */
  died?: Promise<WeirError>
  /** Ends the API server's connections, and lets it accept again after so long; left out where it cannot. */
  restart?(downMs: number): Promise<void>
  close(): Promise<void>
}

export interface PlaneOptions {
  nodeName: string
  /** Where kubeconfig and files go. */
  dir: string
  faults: Faults
  log(line: string): void
  /** A client that is closed with the cluster. */
  client(kubeconfig: string): KubeApi
}
