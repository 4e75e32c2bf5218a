/**
 * Kubernetes' own objects, as much of each as weir reads and the testbed writes. Optional is what the API may leave out;
 * an index signature stands where other fields are passed on unread.
 */
import type {
  V1ContainerPort as ContainerPort,
  V1EndpointAddress as EndpointAddress,
  CoreV1EndpointPort as EndpointPort,
  V1EndpointSubset as EndpointSubset,
  V1EnvVar as EnvVar,
  V1Probe as Probe,
  V1ServicePort as ServicePort,
  V1ServiceSpec as ServiceSpec,
  V1ObjectReference as TargetRef,
  V1ObjectMeta,
  V1StatefulSetSpec,
  V1StatefulSetStatus,
} from '@kubernetes/client-node'
import type { KubeObject } from './types.ts'

export type {
  ContainerPort,
  EndpointAddress,
  EndpointPort,
  EndpointSubset,
  EnvVar,
  Probe,
  ServicePort,
  ServiceSpec,
}

export type Strings = Record<string, string>

export interface Condition {
  type: string
  status: string
  reason?: string
  message?: string
  lastProbeTime?: string | null
  lastTransitionTime?: string | null
  observedGeneration?: number
}

export interface Container {
  name: string
  image: string
  env?: EnvVar[]
  ports?: ContainerPort[]
  readinessProbe?: Probe
  livenessProbe?: Probe
  lifecycle?: { preStop?: { exec?: { command?: string[] } } }
  volumeMounts?: { name: string; mountPath: string; subPath?: string }[]
  [field: string]: unknown
}

export interface Volume {
  name: string
  secret?: { secretName?: string; optional?: boolean }
  configMap?: { name?: string }
  [source: string]: unknown
}

export interface PodSpec {
  nodeName?: string
  hostname?: string
  subdomain?: string
  schedulerName?: string
  terminationGracePeriodSeconds?: number
  restartPolicy?: 'Always' | 'OnFailure' | 'Never'
  readinessGates?: { conditionType: string }[]
  containers: Container[]
  volumes?: Volume[]
  [field: string]: unknown
}

export type ContainerState =
  | { waiting: { reason: string; message?: string } }
  | { running: { startedAt: string } }
  | {
      terminated: {
        exitCode: number
        reason: string
        startedAt: string
        finishedAt: string
        containerID: string
      }
    }

export interface ContainerStatus {
  name: string
  image?: string
  imageID?: string
  containerID?: string
  ready?: boolean
  started?: boolean
  restartCount?: number
  state?: ContainerState
  lastState?: object
}

export interface PodStatus {
  phase?: string
  conditions?: Condition[]
  containerStatuses?: ContainerStatus[]
  hostIP?: string
  hostIPs?: { ip: string }[]
  podIP?: string
  podIPs?: { ip: string }[]
  startTime?: string
  [field: string]: unknown
}

export interface Pod extends KubeObject {
  spec: PodSpec
  status?: PodStatus
}

/** Metadata of the pods that a set makes, or of a Service that a resource describes. */
export type TemplateMeta = Pick<V1ObjectMeta, 'name' | 'namespace' | 'labels' | 'annotations' | 'finalizers'>

export interface PodTemplate {
  metadata?: TemplateMeta
  spec: PodSpec
}

export interface SetSpec {
  replicas: number
  minReadySeconds?: number
  selector: { matchLabels?: Strings; [field: string]: unknown }
  template: PodTemplate
  [field: string]: unknown
}

export type SetStatus = Pick<
  V1StatefulSetStatus,
  'replicas' | 'readyReplicas' | 'availableReplicas' | 'observedGeneration'
>

export interface StatefulSet extends KubeObject {
  spec: SetSpec &
    Pick<
      V1StatefulSetSpec,
      'ordinals' | 'podManagementPolicy' | 'revisionHistoryLimit' | 'updateStrategy'
    > & {
      serviceName?: string
      volumeClaimTemplates?: { metadata: { name: string; labels?: Strings }; spec: Record<string, unknown> }[]
    }
  status?: SetStatus &
    Pick<
      V1StatefulSetStatus,
      'currentReplicas' | 'updatedReplicas' | 'currentRevision' | 'updateRevision' | 'collisionCount'
    >
}

export interface ReplicaSet extends KubeObject {
  spec: SetSpec
  status?: SetStatus & { fullyLabeledReplicas?: number }
}

export interface Deployment extends KubeObject {
  spec: SetSpec & { strategy?: { type?: string } }
  status?: Partial<SetStatus> & {
    updatedReplicas?: number
    unavailableReplicas?: number
    conditions?: Condition[]
  }
}

export interface ControllerRevision extends KubeObject {
  revision: number
  data: { spec: { template: PodTemplate } }
}

export interface Service extends KubeObject {
  spec: ServiceSpec
  status?: { loadBalancer?: { ingress?: { ip?: string; hostname?: string; ipMode?: string }[] } }
}

export interface Endpoints extends KubeObject {
  subsets?: EndpointSubset[]
}

export interface SliceEndpoint {
  addresses: string[]
  /** `ready: null` or nothing is unknown, which readers must take for ready (discovery.k8s.io/v1). */
  conditions?: { ready?: boolean | null; serving?: boolean; terminating?: boolean }
  hostname?: string
  nodeName?: string
  targetRef?: TargetRef
}

export interface EndpointSlice extends KubeObject {
  endpoints?: SliceEndpoint[] | null
  ports?: EndpointPort[] | null
}

export interface Node extends KubeObject {
  /** `unschedulable`: cordoned. */
  spec?: { unschedulable?: boolean }
  status?: {
    addresses?: { type: string; address: string }[]
    conditions?: Condition[]
    allocatable?: Strings
  }
}

export interface Event extends KubeObject {
  type?: string
  reason?: string
  message?: string
  count?: number
  lastTimestamp?: string | null
  involvedObject?: { kind?: string; name?: string }
}

export interface Secret extends KubeObject {
  /** Base64. */
  data?: Strings
}

export interface ConfigMap extends KubeObject {
  data?: Strings
}

type Conditional = { status?: { conditions?: Condition[] } | undefined }

export const conditionOf = ({ status }: Conditional, type: string): Condition | undefined =>
  status?.conditions?.find((condition) => condition.type === type)

export const isTrue = (object: Conditional, type: string): boolean =>
  conditionOf(object, type)?.status === 'True'

/** Of a Pod or a Node. */
export const isReady = (object: Conditional): boolean => isTrue(object, 'Ready')

/** The reference to what made the object. */
export const controllerOf = (object: KubeObject) =>
  object.metadata.ownerReferences?.find((reference) => reference.controller)

/** The object as the controller of what is made for it: with it, all of that is garbage. */
export const controlledBy = (kind: { apiVersion?: string; kind?: string }, { metadata }: KubeObject) => ({
  apiVersion: kind.apiVersion ?? '',
  kind: kind.kind ?? '',
  name: metadata.name,
  uid: metadata.uid ?? '',
  controller: true,
  blockOwnerDeletion: true,
})

/** The object without its empty fields, as Go's omitempty writes it: nothing, 0, false, "" and lists without items. */
export const omitEmpty = <T extends object>(value: T): T =>
  Object.fromEntries(
    Object.entries(value).filter(([, field]) => (Array.isArray(field) ? field.length > 0 : field)),
  ) as T

/** The labels carry everything that the selector names; an empty selector selects nothing. */
export function selects(selector: Strings | undefined, labels: Strings = {}): boolean {
  const wanted = Object.entries(selector ?? {})
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value)
}

/** Labels as the `labelSelector` of a list. */
export const selectorOf = (labels: Strings = {}): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',')

/** `namespace/name` */
export const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ''}/${metadata.name}`

/** A time as Kubernetes writes it: whole seconds, UTC. */
export const timestamp = (unixMs = Date.now()): string => `${new Date(unixMs).toISOString().slice(0, 19)}Z`
