import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'

export type Strings = Record<string, string>

export interface Template {
  name?: string
  namespace?: string
  labels?: Strings
  annotations?: Strings
  finalizers?: string[]
}

export interface ServicePort {
  name?: string
  protocol?: string
  port: number
  targetPort?: number | string
  nodePort?: number
}

export interface ServiceSpec {
  type?: string
  clusterIP?: string
  selector?: Strings
  ports?: ServicePort[]
  publishNotReadyAddresses?: boolean
  [field: string]: unknown
}

export interface EmqxContainer {
  image?: {
    registry?: string
    repository?: string
    version: string
    prefix?: string
    suffix?: string
    pullPolicy?: string
  }
  emqxConfig?: Strings
  emqxACL?: string[]
  bootstrapAPIKeys?: { key: string; secret: string }[]
  ports?: { name?: string; containerPort: number; protocol?: string }[]
  env?: { name: string; value?: string }[]
  volumeMounts?: { name: string; mountPath: string }[]
  [field: string]: unknown
}

export interface EmqxEnterpriseSpec {
  replicas: number
  clusterDomain?: string
  license?: { data?: string; stringData?: string; secretName?: string }
  persistent?: { metadata?: Template; spec: Record<string, unknown> }
  blueGreenUpdate?: {
    initialDelaySeconds?: number
    evacuationStrategy?: { waitTakeover?: number; connEvictRate?: number; sessEvictRate?: number }
  }
  template: {
    metadata?: Template
    spec: {
      emqxContainer: EmqxContainer
      reloaderImage?: string
      podSecurityContext?: Record<string, unknown>
      extraContainers?: Record<string, unknown>[]
      volumes?: Record<string, unknown>[]
      [field: string]: unknown
    }
  }
  serviceTemplate?: { metadata?: Template; spec?: ServiceSpec }
}

export interface Condition {
  type: 'Running' | 'BlueGreenUpdating'
  status: 'True' | 'False'
  reason?: string
  message?: string
  lastUpdateTime: string
  lastTransitionTime: string
}

/** One line of GET /api/v4/nodes. A node that stopped has a name and a state only. */
export interface EmqxNode {
  node: string
  node_status: string
  otp_release?: string
  version?: string
  connections?: number
}

/** One evacuation of GET /api/v4/load_rebalance/global_status. */
export interface EvacuationStatus {
  node: string
  state: string
  session_recipients?: string[]
  session_goal?: number
  session_eviction_rate?: number
  connection_goal?: number
  connection_eviction_rate?: number
  stats?: {
    initial_sessions?: number
    initial_connected?: number
    current_sessions?: number
    current_connected?: number
  }
}

export interface EmqxEnterpriseStatus {
  conditions?: Condition[]
  emqxNodes?: EmqxNode[]
  replicas?: number
  readyReplicas?: number
  currentStatefulSetVersion?: string
  blueGreenUpdateStatus?: {
    originStatefulSet?: string
    currentStatefulSet?: string
    startedAt?: string
    evacuationsStatus?: EvacuationStatus[]
  }
}

export interface EmqxEnterprise extends KubeObject {
  spec: EmqxEnterpriseSpec
  status?: EmqxEnterpriseStatus
}

export interface EmqxPlugin extends KubeObject {
  spec: { pluginName: string; selector: Strings; config?: Strings }
}

export interface StatefulSet extends KubeObject {
  spec: {
    replicas: number
    selector: { matchLabels: Strings }
    template: { metadata?: Template; spec: Record<string, unknown> }
    [field: string]: unknown
  }
  status?: {
    replicas?: number
    readyReplicas?: number
    currentReplicas?: number
    currentRevision?: string
    observedGeneration?: number
    [field: string]: unknown
  }
}

export interface PodCondition {
  type: string
  status: string
  lastProbeTime?: string | null
  lastTransitionTime?: string | null
  [field: string]: unknown
}

export interface Pod extends KubeObject {
  spec: { nodeName?: string; [field: string]: unknown }
  status?: {
    phase?: string
    podIP?: string
    conditions?: PodCondition[]
    containerStatuses?: { name: string; ready?: boolean }[]
    [field: string]: unknown
  }
}

export interface Service extends KubeObject {
  spec: ServiceSpec
}
