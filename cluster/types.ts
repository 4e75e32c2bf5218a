import type {
  CrEvent,
  DialectFacts,
  EndpointsEvent,
  Evacuation,
  ListingEvent,
  NodesEvent,
  PodEvent,
  SetEvent,
  WatchEvent,
} from '#weir/record/index.ts'
import type { KubeApi, KubeObject, Resource } from './kubernetes/types.ts'

/** A record's event before the run gave it a time. */
export type Untimed<E> = E extends { t: number } ? Omit<E, 't'> : never

export type ClusterObservation =
  | Untimed<WatchEvent>
  | Untimed<SetEvent>
  | Untimed<PodEvent>
  | Untimed<EndpointsEvent>
  | Untimed<CrEvent>
  | { type: 'gap'; kind: string; reason: string; lastHeardUnixMs: number }

/** What a dialect of the custom resource has to say; one file in cluster/dialects/ each. Everything else is common. */
export interface Dialect {
  readonly facts: DialectFacts
  readonly apiVersion: string
  readonly kind: string
  /** The custom resource by its REST path. */
  readonly resource: Resource
  /** The custom resource in words that every dialect shares. */
  readStatus(resource: KubeObject): Untimed<CrEvent>
  /** EMQX node name of a pod. */
  nodeName(resource: KubeObject, podName: string): string
  /** What the scenario's numbers are, read from the resource itself. */
  readStrategy(resource: KubeObject): {
    replicas: number
    connEvictRate: number
    sessEvictRate: number
    waitTakeoverSeconds: number
    initialDelaySeconds: number
  }
  /** The version that pods of this resource run, and a merge patch that changes it. */
  version(resource: KubeObject): string | undefined
  versionPatch(version: string): unknown
  /** Name of the Service that MQTT clients use. */
  listenersService(resource: KubeObject): string
}

/** EMQX's HTTP API and metrics, asked of one pod by its own address. Throws EmqxApiError; never invents a value. */
export interface EmqxNodeApi {
  evacuations(): Promise<Evacuation[]>
  nodes(): Promise<NodesEvent['nodes']>
  /** All pages of this pod's own clients. */
  clients(node: string): Promise<Pick<ListingEvent, 'connected' | 'detached' | 'complete'>>
  /** HTTP status of the availability check: 200 serving, 503 evacuating. */
  availability(): Promise<number>
  /** Unlabelled Prometheus samples of this node alone. */
  metrics(): Promise<{ status: number; metrics: Record<string, number> }>
}

export interface ClusterOptions {
  kubeconfig: string
  context?: string
  namespace?: string
  /** Name of the custom resource; may be left out when the namespace has exactly one. */
  name?: string
  credentials?: { username: string; password: string }
}

export interface Cluster {
  readonly kube: KubeApi
  readonly namespace: string
  readonly name: string
  readonly dialect: Dialect
  /** The custom resource as last read. */
  resource(): Promise<KubeObject>
  /** Begins to watch; observations arrive until stop(). Resolves after the first listing of everything. */
  observe(onObservation: (observation: ClusterObservation) => void): Promise<{ stop(): Promise<void> }>
  emqx(podIp: string): EmqxNodeApi
  /** Where clients connect: resolved from the Service and the nodes, waits until there is one. */
  serviceAddress(
    kind: 'nodePort' | 'clusterIP' | 'loadBalancer',
    timeoutMs: number,
  ): Promise<{ host: string; port: number }>
  close(): Promise<void>
}
