import type {
  Container,
  ContainerPort,
  EnvVar,
  ServiceSpec,
  Strings,
  TemplateMeta,
  Volume,
} from '#weir/cluster/kubernetes/kinds.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import type { EvacuationStatus, EvacuationStrategy } from '../evacuation.ts'

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
  ports?: ContainerPort[]
  env?: EnvVar[]
  volumeMounts?: Container['volumeMounts']
  [field: string]: unknown
}

export interface EmqxEnterpriseSpec {
  replicas: number
  clusterDomain?: string
  license?: { data?: string; stringData?: string; secretName?: string }
  persistent?: { metadata?: TemplateMeta; spec: Record<string, unknown> }
  blueGreenUpdate?: {
    initialDelaySeconds?: number
    evacuationStrategy?: EvacuationStrategy
  }
  template: {
    metadata?: TemplateMeta
    spec: {
      emqxContainer: EmqxContainer
      reloaderImage?: string
      podSecurityContext?: Record<string, unknown>
      extraContainers?: Container[]
      volumes?: Volume[]
      [field: string]: unknown
    }
  }
  serviceTemplate?: { metadata?: TemplateMeta; spec?: ServiceSpec }
}

export interface EnterpriseCondition {
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

export interface EmqxEnterpriseStatus {
  conditions?: EnterpriseCondition[]
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
