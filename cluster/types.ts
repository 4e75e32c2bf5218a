import type {
  AddressKind,
  CrEvent,
  DialectFacts,
  DialectName,
  EndpointsEvent,
  PodEvent,
  RefusalEvent,
  Resources,
  SetEvent,
  WatchEvent,
} from '#weir/facts/index.ts'
import type { Address, WayIn } from './client-addresses.ts'
import type { ChangesLimit } from './connection-limit.ts'
import type { LogSetting } from './dialects/log-setting.ts'
import type { BindOf, Endpoint } from './emqx/endpoint.ts'
import type { EmqxTls } from './emqx/http.ts'
import type { EmqxNodeApi, EmqxVersionApi } from './emqx/version-api.ts'
import type { Impersonation } from './kubernetes/connection.ts'
import type { KubeApi, KubeObject, Resource } from './kubernetes/types.ts'
import type { ServiceExposure } from './network/external-service.ts'

export type { EmqxAbout, EmqxLicence, EmqxNodeApi } from './emqx/version-api.ts'

/** A record's event before the run gave it a time. */
export type Untimed<E> = E extends { t: number } ? Omit<E, 't'> : never

export type ClusterObservation =
  | Untimed<WatchEvent>
  | Untimed<SetEvent>
  | Untimed<PodEvent>
  | Untimed<EndpointsEvent>
  | Untimed<CrEvent>
  | Untimed<RefusalEvent>
  /** `goes-on`: the reason has changed. */
  | {
      type: 'gap'
      phase: 'begin' | 'goes-on' | 'end'
      kind: string
      reason: string
      lastHeardUnixMs: number
      /** At its end: the watch was resumed, and nothing had happened meanwhile. */
      unchanged?: true
    }

export type { DialectName }

/** The numbers of an update. */
export interface Strategy {
  /** Nodes of one generation, all kinds together. */
  replicas: number
  /** Those of them that accept clients. */
  servingReplicas: number
  connEvictRate: number
  sessEvictRate: number
  waitTakeoverSeconds: number
  initialDelaySeconds: number
  /** EMQX's wait for health checks, where the resource names one. */
  healthCheckWaitSeconds?: number
  /** Nodes that the update may evacuate at once, where that is more than one. */
  nodesAtOnce?: number
  /** The rates are the operator's defaults. */
  byDefault: boolean
}

/** Numbers of nodes. All are cores where a resource has no replicants. */
export interface Sizes {
  cores: number
  replicants: number
}

/** Releases of the operator that weir knows, e.g. 2.1.0 to 2.1.4, or 2.2 whichever the patch. */
export interface ReleaseLine {
  major: number
  minor: number
  lastPatch?: number
}

/** A dialect of the custom resource; one file each in cluster/dialects/. Everything else is common. */
export interface Dialect {
  readonly id: DialectName
  readonly facts: DialectFacts
  /** How long released operators pause between two reconciliations during an update. */
  readonly releasedPollSeconds: number
  /** The operator's release lines whose behaviour is known for this resource. */
  readonly releaseLines: readonly ReleaseLine[]
  readonly apiVersion: string
  readonly kind: string
  /** The custom resource by its REST path. */
  readonly resource: Resource
  /** What owns the pods. */
  readonly sets: readonly Resource[]
  /** Kinds of its operator's own in which it makes objects for a resource. */
  readonly ownKinds: readonly Resource[]
  /** The HTTP API of the EMQX major version of this resource. */
  readonly emqx: EmqxVersionApi
  /** Where the resource has EMQX serve its HTTP API, as far as it says so. */
  apiBind(resource: KubeObject): BindOf
  /** The custom resource as a dialect-independent observation. */
  readStatus(resource: KubeObject): Untimed<CrEvent>
  /** EMQX node name of a pod; undefined while unknown, e.g. of a replicant without an address. */
  nodeName(resource: KubeObject, pod: KubeObject): string | undefined
  /** The kind of node, if there are two. */
  role(pod: KubeObject): 'core' | 'replicant' | undefined
  /** Names of the running EMQX nodes that accept clients, as the resource lists them: replicants where there are any. */
  servingNodes(resource: KubeObject): string[]
  /** Path of the evacuation rates in the resource, e.g. "spec.updateStrategy". */
  readonly strategyPath: string
  /** Reads the numbers of the update from the resource. */
  readStrategy(resource: KubeObject): Strategy
  /** EMQX versions that the resource is for. */
  readonly versions: { least: string; below?: string }
  /** The version that pods of this resource run, and a merge patch that changes it. */
  version(resource: KubeObject): string | undefined
  versionPatch(resource: KubeObject, version: string): unknown
  /** A merge patch after which each node evicts so many connections and so many sessions a second. */
  ratesPatch(resource: KubeObject, perSecond: number): unknown
  /** A merge patch after which this many nodes accept clients: replicants where there are any. */
  scalePatch(resource: KubeObject, replicas: number): unknown
  /** How many nodes of each kind the resource asks for. */
  sizes(resource: KubeObject): Sizes
  /** A merge patch that asks for as many. */
  sizesPatch(resource: KubeObject, sizes: Sizes): unknown
  /** Where this many connections are allowed without a restart, or why they cannot be. */
  readonly limitChange: ChangesLimit
  /** What EMQX's containers request and may use: once, or for cores and for replicants where there is a template of them. */
  resources(resource: KubeObject): readonly { of: 'nodes' | 'cores' | 'replicants'; resources: Resources }[]
  /** A merge patch after which all of them have these. */
  resourcesPatch(resource: KubeObject, resources: Resources): unknown
  /** Whether EMQX prints its log to its container's output. */
  logSetting(resource: KubeObject): LogSetting
  /** Name of the Service that MQTT clients use. */
  listenersService(resource: KubeObject): string
  /** Annotations that the resource asks for on that Service. */
  serviceAnnotations(resource: KubeObject): Readonly<Record<string, string>>
  /** A merge patch after which the operator makes that Service so. It is no patch of the resource's own annotations, which reach the pods. */
  servicePatch(resource: KubeObject, exposure: ServiceExposure): unknown
  /**
   * A merge patch after which that Service has these annotations, and not those that are null. Never of the resource's own metadata, which
   * the operator of `v1beta4` hands on to the pods.
   */
  serviceAnnotationsPatch(annotations: Readonly<Record<string, string | null>>): unknown
}

/** A pod by its address and by its name at the API server. */
export interface PodTarget {
  name: string
  ip: string
  /** Its EMQX node name, if known, to detect another node at the same address. */
  node?: string
}

/** The EMQX Operator of a cluster: its release line, and how that is known. */
export interface OperatorFound {
  /** e.g. "2.2.29"; undefined if unknown. */
  line?: string
  /** The Deployment that runs it, where one was looked for and found. */
  deployment?: { namespace: string; name: string }
  /** e.g. "image of Deployment emqx-operator-system/emqx-operator-controller-manager"; why not, when there is no line. */
  how: string
}

export interface ClusterOptions {
  kubeconfig: string
  context?: string
  namespace?: string
  /** Requests are made with the rights of this role. */
  impersonate?: Impersonation | undefined
  /** Default: the dialect of the only resource found. */
  dialect?: DialectName
  /** The preferred dialect if there are resources of both. */
  prefers?: DialectName
  /** The operator's release line, if the user sets it. */
  operator?: string
  /** Name of the custom resource; optional if the namespace has exactly one. */
  name?: string
  /** An API key and its secret, or a user of the dashboard; undefined `kind` is a user. */
  credentials?: { username: string; password: string; kind?: 'user' | 'key' }
  /** How EMQX's HTTP API proves by TLS who it is. */
  emqxTls?: EmqxTls | undefined
  /** How clients come in, where the user says it. */
  wayIn?: WayIn
}

export interface Cluster {
  readonly kube: KubeApi
  readonly namespace: string
  readonly name: string
  readonly dialect: Dialect
  readonly operator: OperatorFound
  /** The custom resource as last read. */
  resource(): Promise<KubeObject>
  /** Watches until stop(). Resolves after the first listing of everything. */
  observe(onObservation: (observation: ClusterObservation) => void): Promise<{ stop(): Promise<void> }>
  emqx(pod: PodTarget): EmqxNodeApi
  /** The route to the pods; undefined before the first request. */
  readonly route: 'pods' | 'api-server' | undefined
  /** The user of EMQX's API, and its source. Without the password. */
  emqxUser(): Promise<{ username?: string; from: string }>
  /** Where a pod serves EMQX's API. */
  emqxEndpoint(pod: Pick<PodTarget, 'name'>): Promise<Endpoint>
  readonly wayIn: WayIn
  /** Name of the Service that MQTT clients use: the user's, else the operator's. */
  clientService(): Promise<string>
  /** Every address of one kind for clients, from that Service and the nodes, or those that the user gave; waits until there is one. */
  clientAddresses(kind: AddressKind, timeoutMs: number): Promise<Address[]>
  close(): Promise<void>
}
