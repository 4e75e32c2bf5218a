import type {
  CrEvent,
  DialectFacts,
  EndpointsEvent,
  PodEvent,
  SetEvent,
  WatchEvent,
} from '#weir/facts/index.ts'
import type { EmqxNodeApi, EmqxVersionApi } from './emqx/version-api.ts'
import type { KubeApi, KubeObject, Resource } from './kubernetes/types.ts'

export type { EmqxAbout, EmqxLicence, EmqxNodeApi } from './emqx/version-api.ts'

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

/** The numbers of an update. */
export interface Strategy {
  /** Nodes of one generation, all kinds together. */
  replicas: number
  /** Those of them that take clients. */
  servingReplicas: number
  connEvictRate: number
  sessEvictRate: number
  waitTakeoverSeconds: number
  initialDelaySeconds: number
  /** The rates are as if nobody had named any: the operator's own defaults. */
  byDefault: boolean
}

/** Releases of the operator that weir knows, e.g. 2.1.0 to 2.1.4, or 2.2 whichever the patch. */
export interface ReleaseLine {
  major: number
  minor: number
  lastPatch?: number
}

/** What a dialect of the custom resource has to say; one file in cluster/dialects/ each. Everything else is common. */
export interface Dialect {
  readonly id: DialectName
  readonly facts: DialectFacts
  /** How long released operators pause between two looks while something is under way. */
  readonly releasedPollSeconds: number
  /** The operator's release lines whose behaviour is known for this resource. */
  readonly releaseLines: readonly ReleaseLine[]
  readonly apiVersion: string
  readonly kind: string
  /** The custom resource by its REST path. */
  readonly resource: Resource
  /** What owns the pods. */
  readonly sets: readonly Resource[]
  /** How EMQX of the major that this resource makes is asked. */
  readonly emqx: EmqxVersionApi
  /** The custom resource in words that every dialect shares. */
  readStatus(resource: KubeObject): Untimed<CrEvent>
  /** EMQX node name of a pod; undefined while it cannot be known, as of a replicant without an address. */
  nodeName(resource: KubeObject, pod: KubeObject): string | undefined
  /** What kind of node a pod runs, where there are two. */
  role(pod: KubeObject): 'core' | 'replicant' | undefined
  /** Where a resource says at which rates its nodes are evacuated, e.g. "spec.updateStrategy". */
  readonly strategyPath: string
  /** What the scenario's numbers are, read from the resource itself. */
  readStrategy(resource: KubeObject): Strategy
  /** The version that pods of this resource run, and a merge patch that changes it. */
  version(resource: KubeObject): string | undefined
  versionPatch(resource: KubeObject, version: string): unknown
  /** Name of the Service that MQTT clients use. */
  listenersService(resource: KubeObject): string
}

/** A pod by everything that it may be asked through: its own address, or its name behind the API server. */
export interface PodTarget {
  name: string
  ip: string
  /** Its EMQX node name where that is known: another node that answers at the address is not taken for it. */
  node?: string
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
  /** Where resources of both dialects could be meant: the one of this dialect is. */
  prefers?: DialectName
  /** The operator's release line, where the user knows better than the cluster tells. */
  operator?: string
  /** Name of the custom resource; may be left out when the namespace has exactly one. */
  name?: string
  /** An API key and its secret, or a user of the dashboard; undefined `kind` is a user. */
  credentials?: { username: string; password: string; kind?: 'user' | 'key' }
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
  /** How pods are asked, once that was decided by trying; undefined before the first question. */
  readonly route: 'pods' | 'api-server' | undefined
  /** Whom weir is to EMQX, on which port of each pod, and where that is from. The password stays here. */
  emqxUser(): Promise<{ username?: string; port: number; from: string }>
  /** Where clients connect: resolved from the Service and the nodes, waits until there is one. */
  serviceAddress(
    kind: 'nodePort' | 'clusterIP' | 'loadBalancer',
    timeoutMs: number,
  ): Promise<{ host: string; port: number }>
  close(): Promise<void>
}
