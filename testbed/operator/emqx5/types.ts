import type {
  Container,
  ContainerPort,
  EnvVar,
  ServiceSpec,
  TemplateMeta,
  Volume,
} from '#weir/cluster/kubernetes/kinds.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'

/** What core and replicant templates share; other fields are copied to the pod. */
export interface NodesSpec {
  replicas: number
  minAvailable?: number | string
  maxUnavailable?: number | string
  env?: EnvVar[]
  ports?: ContainerPort[]
  extraVolumes?: Volume[]
  extraVolumeMounts?: Container['volumeMounts']
  extraContainers?: Container[]
  /** A claim's spec; cores only. The operator itself writes `{resources: {}}`, which is none. */
  volumeClaimTemplates?: Record<string, unknown>
  [field: string]: unknown
}

export interface NodesTemplate {
  metadata?: TemplateMeta
  spec: NodesSpec
}

export interface ServiceTemplate {
  enabled: boolean
  metadata?: TemplateMeta
  spec?: ServiceSpec
}

export interface ApiKey {
  key?: string
  secret?: string
  secretRef?: Record<'key' | 'secret', { secretName: string; secretKey: string }>
}

/** What every version of the resource specifies alike. */
export interface Emqx5Spec {
  image: string
  imagePullPolicy?: string
  imagePullSecrets?: { name?: string }[]
  serviceAccountName?: string
  bootstrapAPIKeys?: ApiKey[]
  config?: { mode?: 'Merge' | 'Replace'; data?: string }
  clusterDomain: string
  revisionHistoryLimit: number
  coreTemplate: NodesTemplate
  replicantTemplate?: NodesTemplate
  dashboardServiceTemplate?: ServiceTemplate
  listenersServiceTemplate?: ServiceTemplate
}

/** An EMQX of any version, as far as all versions are alike. */
export interface Emqx5 extends KubeObject {
  spec: Emqx5Spec
}

/** One node of GET /api/v5/nodes, with the pod that it runs in. Counts of zero are left out. */
export interface EmqxNode {
  node: string
  node_status: string
  otp_release?: string
  version?: string
  role?: string
  edition?: string
  connections?: number
  live_connections?: number
  controllerUID?: string
  podUID?: string
}
