import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'

/** The parts of a Pod that a kubelet reads and writes. */
export interface Pod extends KubeObject {
  spec: {
    nodeName?: string
    hostname?: string
    subdomain?: string
    schedulerName?: string
    terminationGracePeriodSeconds?: number
    readinessGates?: { conditionType: string }[]
    containers: Container[]
    volumes?: Volume[]
  }
  status?: PodStatus
}

export interface Container {
  name: string
  image: string
  env?: { name: string; value?: string; valueFrom?: { fieldRef?: { fieldPath: string } } }[]
  ports?: { name?: string; containerPort: number }[]
  readinessProbe?: Probe
  volumeMounts?: { name: string; mountPath: string; subPath?: string }[]
}

/** Of its kinds the emulated kubelet knows HTTP alone; a probe of another kind is not asked. */
export interface Probe {
  httpGet?: { path?: string; port: number | string }
  initialDelaySeconds?: number
  periodSeconds?: number
  timeoutSeconds?: number
  successThreshold?: number
  failureThreshold?: number
}

export interface Volume {
  name: string
  secret?: { secretName?: string; optional?: boolean }
  [source: string]: unknown
}

export interface Condition {
  type: string
  status: 'True' | 'False' | 'Unknown'
  reason?: string
  message?: string
  lastProbeTime?: string | null
  lastTransitionTime?: string | null
  observedGeneration?: number
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
  image: string
  imageID: string
  containerID?: string
  ready: boolean
  started: boolean
  restartCount: number
  state: ContainerState
  lastState: object
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

/** A time as Kubernetes writes it: whole seconds, UTC. */
export function timestamp(unixMs: number): string {
  return `${new Date(unixMs).toISOString().slice(0, 19)}Z`
}
