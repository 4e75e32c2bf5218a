import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'

/** What both dialects' parts read and write of Kubernetes' own objects. */

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
