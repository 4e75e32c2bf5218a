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
import type { EmqxVersionApi } from './emqx/version-api.ts'
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

/** The custom resources that weir reads, by the name that scenarios use. */
export type DialectName = 'v1beta4' | 'v2beta1'

/** What a dialect of the custom resource has to say; one file in cluster/dialects/ each. Everything else is common. */
export interface Dialect {
  readonly id: DialectName
  readonly facts: DialectFacts
  /** How long released operators pause between two looks while something is under way. */
  readonly releasedPollSeconds: number
  readonly apiVersion: string
  readonly kind: string
  /** The custom resource by its REST path. */
  readonly resource: Resource
  /** How EMQX of the major that this resource makes is asked. */
  readonly emqx: EmqxVersionApi
  /** The custom resource in words that every dialect shares. */
  readStatus(resource: KubeObject): Untimed<CrEvent>
  /** EMQX node name of a pod; undefined while it cannot be known, as of a replicant without an address. */
  nodeName(resource: KubeObject, pod: KubeObject): string | undefined
  /** What kind of node a pod runs, where there are two. */
  role(pod: KubeObject): 'core' | 'replicant' | undefined
  /** What the scenario's numbers are, read from the resource itself. */
  readStrategy(resource: KubeObject): {
    /** Nodes of one generation, all kinds together. */
    replicas: number
    /** Those of them that take clients. */
    servingReplicas: number
    connEvictRate: number
    sessEvictRate: number
    waitTakeoverSeconds: number
    initialDelaySeconds: number
  }
  /** The version that pods of this resource run, and a merge patch that changes it. */
  version(resource: KubeObject): string | undefined
  versionPatch(resource: KubeObject, version: string): unknown
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

/** A pod by everything that it may be asked through: its own address, or its name behind the API server. */
export interface PodTarget {
  name: string
  ip: string
}

/** The EMQX Operator of a cluster: its release line, and how that is known. */
export interface OperatorFound {
  /** e.g. "2.2.29"; undefined when nothing tells. */
  line?: string
  /** e.g. "image of Deployment emqx-operator-system/emqx-operator-controller-manager"; why not, when there is no line. */
  how: string
}

export interface ClusterOptions {
  kubeconfig: string
  context?: string
  namespace?: string
  /** Left out: whichever dialect the one resource found is of. */
  dialect?: DialectName
  /** The operator's release line, where the user knows better than the cluster tells. */
  operator?: string
  /** Name of the custom resource; may be left out when the namespace has exactly one. */
  name?: string
  credentials?: { username: string; password: string }
}

export interface Cluster {
  readonly kube: KubeApi
  readonly namespace: string
  readonly name: string
  readonly dialect: Dialect
  readonly operator: OperatorFound
  /** The custom resource as last read. */
  resource(): Promise<KubeObject>
  /** Begins to watch; observations arrive until stop(). Resolves after the first listing of everything. */
  observe(onObservation: (observation: ClusterObservation) => void): Promise<{ stop(): Promise<void> }>
  emqx(pod: PodTarget): EmqxNodeApi
  /** Where clients connect: resolved from the Service and the nodes, waits until there is one. */
  serviceAddress(
    kind: 'nodePort' | 'clusterIP' | 'loadBalancer',
    timeoutMs: number,
  ): Promise<{ host: string; port: number }>
  close(): Promise<void>
}
