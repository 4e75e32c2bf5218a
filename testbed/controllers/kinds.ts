import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'

/** What the controllers read and write of the objects they handle. */

export interface Condition {
  type: string
  status: string
  lastTransitionTime?: string | null
  [field: string]: unknown
}

export interface ContainerPort {
  name?: string
  containerPort: number
  protocol?: string
}

export interface PodSpec {
  nodeName?: string
  hostname?: string
  subdomain?: string
  schedulerName?: string
  containers?: { name: string; ports?: ContainerPort[]; [field: string]: unknown }[]
  volumes?: { name: string; [field: string]: unknown }[]
  [field: string]: unknown
}

export interface Pod extends KubeObject {
  spec: PodSpec
  status?: { phase?: string; podIP?: string; conditions?: Condition[]; [field: string]: unknown }
}

export interface ServicePort {
  name?: string
  port: number
  protocol?: string
  targetPort?: number | string
  nodePort?: number
  appProtocol?: string
}

export interface Service extends KubeObject {
  spec: {
    type?: string
    clusterIP?: string
    selector?: Record<string, string>
    ports?: ServicePort[]
    publishNotReadyAddresses?: boolean
    [field: string]: unknown
  }
}

export interface TargetRef {
  kind: string
  name: string
  namespace?: string
  uid?: string
}

export interface EndpointAddress {
  ip: string
  hostname?: string
  nodeName?: string
  targetRef?: TargetRef
}

export interface EndpointPort {
  name?: string
  port?: number
  protocol?: string
  appProtocol?: string
}

export interface EndpointSubset {
  addresses?: EndpointAddress[]
  notReadyAddresses?: EndpointAddress[]
  ports?: EndpointPort[]
}

export interface Endpoints extends KubeObject {
  subsets?: EndpointSubset[]
}

export interface SliceEndpoint {
  addresses: string[]
  conditions: { ready: boolean; serving?: boolean; terminating?: boolean }
  hostname?: string
  nodeName?: string
  targetRef?: TargetRef
}

export interface EndpointSlice extends KubeObject {
  addressType: string
  endpoints: SliceEndpoint[] | null
  ports: EndpointPort[] | null
}

export interface PodTemplate {
  metadata?: {
    labels?: Record<string, string>
    annotations?: Record<string, string>
    finalizers?: string[]
    [field: string]: unknown
  }
  spec: PodSpec
}

export interface ClaimTemplate {
  metadata: { name: string; labels?: Record<string, string>; [field: string]: unknown }
  spec: Record<string, unknown>
}

export interface StatefulSetStatus {
  observedGeneration?: number
  replicas: number
  readyReplicas?: number
  availableReplicas: number
  currentReplicas?: number
  updatedReplicas?: number
  currentRevision?: string
  updateRevision?: string
  collisionCount?: number
}

export interface StatefulSet extends KubeObject {
  spec: {
    replicas?: number
    ordinals?: { start?: number }
    serviceName?: string
    podManagementPolicy?: string
    revisionHistoryLimit?: number
    minReadySeconds?: number
    selector: { matchLabels?: Record<string, string>; [field: string]: unknown }
    template: PodTemplate
    updateStrategy?: { type?: string; rollingUpdate?: { partition?: number } }
    volumeClaimTemplates?: ClaimTemplate[]
    [field: string]: unknown
  }
  status?: StatefulSetStatus
}

export interface ReplicaSetStatus {
  replicas: number
  fullyLabeledReplicas?: number
  readyReplicas?: number
  availableReplicas?: number
  observedGeneration?: number
}

export interface ReplicaSet extends KubeObject {
  spec: {
    replicas?: number
    minReadySeconds?: number
    selector: { matchLabels?: Record<string, string>; [field: string]: unknown }
    template: PodTemplate
    [field: string]: unknown
  }
  status?: ReplicaSetStatus
}

export interface ControllerRevision extends KubeObject {
  revision: number
  data: { spec: { template: PodTemplate } }
}

export const conditionOf = (pod: Pod, type: string): Condition | undefined =>
  pod.status?.conditions?.find((condition) => condition.type === type)

export const isReady = (pod: Pod): boolean => conditionOf(pod, 'Ready')?.status === 'True'

export const controllerOf = (object: KubeObject) =>
  object.metadata.ownerReferences?.find((reference) => reference.controller)

/** Whether the labels carry everything the selector names; an empty selector selects nothing. */
export function selects(
  selector: Record<string, string> | undefined,
  labels: Record<string, string> = {},
): boolean {
  const wanted = Object.entries(selector ?? {})
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value)
}
