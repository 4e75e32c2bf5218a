import type { RefusalEvent } from './blockers.ts'
import type { ContainerFacts } from './container.ts'
import type { FleetClockEvent, FleetPodEvent } from './fleet-pods.ts'
import type { HealthEvent, ProcessEndEvent } from './harness-events.ts'
import type { LatencyBuckets } from './ledger.ts'
import type { LeftoversEvent } from './leftovers.ts'
import type { NetworkEvent, TrialEvent } from './network.ts'
import type { NewcomersEvent } from './newcomers.ts'
import type { RebalanceEvent } from './rebalance.ts'
import type { Resources } from './resources.ts'
import type { ClaimEvent, SettingEvent } from './settings.ts'
import type { StoredDataEvent } from './stored-data.ts'

/**
 * events.ndjson: one JSON object a line. `t` is nanoseconds since the record's zero, the moment the harness knew.
 * Raw Kubernetes objects are kept (`watch`) as evidence; beside them stand the same facts in words that do not depend
 * on a custom-resource dialect (`set`, `pod`, `endpoints`, `cr`), and only these are judged.
 */
export type RecordEvent =
  | MarkEvent
  | ActionEvent
  | StepEvent
  | WatchEvent
  | WatchGapEvent
  | SetEvent
  | PodEvent
  | EndpointsEvent
  | CrEvent
  | RefusalEvent
  | OperatorEvent
  | EvacuationEvent
  | RebalanceEvent
  | NodesEvent
  | ListingEvent
  | ApiFailureEvent
  | PrometheusEvent
  | HealthEvent
  | ProbeEvent
  | MessageLatencyEvent
  | NewcomersEvent
  | LeftoversEvent
  | SettingEvent
  | ClaimEvent
  | NetworkEvent
  | TrialEvent
  | StoredDataEvent
  | FleetPodEvent
  | FleetClockEvent
  | NoteEvent
  | ProcessEndEvent

export type RecordEventType = RecordEvent['type']

/** A moment of the run. `trigger` is when the change was accepted by the API server. */
export type MarkName =
  | 'cluster-ready'
  | 'fleet-ready'
  | 'trigger'
  | 'upgrade-done'
  | 'rebalance-done'
  | 'operation-done'
  | 'hold-start'
  | 'hold-end'
  | 'fleet-stopping'

export interface MarkEvent {
  t: number
  type: 'mark'
  name: MarkName
}

/** The audit: everything the harness changed or was refused. */
export interface ActionEvent {
  t: number
  type: 'action'
  id: string
  action: string
  phase: 'start' | 'done' | 'refused' | 'failed'
  /** What was asked, and the answer's own words when refused or failed. */
  detail?: string
  /** The pod that it ended, and with it its clients' connections. */
  endedPod?: string
}

export interface StepEvent {
  t: number
  type: 'step'
  index: number
  name: string
  phase: 'start' | 'done' | 'timeout' | 'failed'
  /** On a time-out: what the last look at the cluster still missed. */
  lastMismatch?: string
}

/** Whether the operator runs, as its Deployment tells: recorded at first, and whenever it changes. Older records have none. */
export interface OperatorEvent {
  t: number
  type: 'operator'
  /** Namespace and name of the Deployment. */
  deployment: string
  /** Pods that it asks for, and those that are available. */
  wanted: number
  available: number
  /** Why a pod of it does not run, in the kubelet's or the scheduler's words. */
  why?: string
}

/** A raw Kubernetes object as the API server sent it (managedFields, and all data of Secrets, removed). */
export interface WatchEvent {
  t: number
  type: 'watch'
  kind: string
  event: 'INITIAL' | 'ADDED' | 'MODIFIED' | 'DELETED'
  namespace?: string
  name: string
  object: unknown
}

/**
 * Since `fromT` nothing was heard about `kind` until `t`: what happened meanwhile is unknown. Recorded when it is noticed, and with the
 * same `fromT` when everything was listed again, or the run stopped watching.
 */
export interface WatchGapEvent {
  t: number
  type: 'watch-gap'
  kind: string
  fromT: number
  reason: string
  /** At its end: the watch was resumed from where it broke, and nothing had happened meanwhile. Older records list everything again. */
  unchanged?: true
}

/** A StatefulSet or ReplicaSet of the cluster under test. */
export interface SetEvent {
  t: number
  type: 'set'
  kind: 'StatefulSet' | 'ReplicaSet'
  name: string
  /** When the API server created it, Unix ms: orders sets by age. */
  createdUnixMs: number
  specReplicas: number
  replicas: number
  readyReplicas: number
  deleted: boolean
}

export interface PodEvent {
  t: number
  type: 'pod'
  name: string
  uid: string
  /** Name of the set that owns it. */
  set: string
  /** EMQX node name, e.g. emqx-ee@emqx-ee-54fc496fb4-2.emqx-ee-headless.default.svc.cluster.local */
  node: string
  /** Where a cluster has nodes of two kinds. */
  role?: 'core' | 'replicant'
  ip?: string
  image?: string
  phase: string
  ready: boolean
  /** metadata.deletionTimestamp is set. */
  deleting: boolean
  deleted: boolean
  /** Absent until the kubelet reports it. Older records have it in the raw object alone: their reader fills it in. */
  container?: ContainerFacts
  /** The name of EMQX's container, where it is another than EMQX_CONTAINER. Absent in older records. */
  emqxContainer?: string
  /** Why Kubernetes itself ends the pod, e.g. "EvictionByEvictionAPI". Older records have it in the raw object alone, as `container`. */
  disruption?: string
  /** What holds the pod up, in Kubernetes' words, e.g. "ImagePullBackOff: …" or "Unschedulable: …". */
  blocked?: string
  /** What EMQX's container requests and may use. Absent in older records. */
  resources?: Resources
}

/** The members of the Service that the fleet connects through, after each change. */
export interface EndpointsEvent {
  t: number
  type: 'endpoints'
  service: string
  /** Pod names that are ready endpoints, sorted. An address that belongs to no known pod stands as itself. */
  ready: string[]
}

export type EvacuationState =
  | 'waiting_health_check'
  | 'evicting_conns'
  | 'waiting_takeover'
  | 'evicting_sessions'
  | 'prohibiting'

export interface Evacuation {
  node: string
  state: EvacuationState
  connectionEvictionRate: number
  sessionEvictionRate: number
  recipients: string[]
  initialConnected: number
  initialSessions: number
  currentConnected: number
  currentSessions: number
}

/** The custom resource's own account of itself. */
export interface CrEvent {
  t: number
  type: 'cr'
  generation: number
  /** The resource says that it is settled: everything asked for is running, nothing is being moved. */
  settled: boolean
  /** The resource says that an update is under way. */
  updating: boolean
  /** How many nodes it asks for, of all kinds. Absent in older records. */
  wanted?: number
  /** The newest condition that is True. */
  condition?: string
  /** The EMQX version that it asks for, if its image says one. Absent in older records. */
  version?: string
  /** It is being deleted: its deletionTimestamp is set. Absent in older records. */
  deleting?: boolean
  oldSet?: string
  newSet?: string
  /** When the operator says that the move began, Unix ms. */
  startedUnixMs?: number
  evacuations: Evacuation[]
  /** Members as the resource lists them; counts only where nothing else of it tells what an evacuation has left. */
  nodes: NodesEvent['nodes']
  deleted: boolean
}

/** GET …/load_rebalance/global_status as EMQX itself answers, asked of one pod. */
export interface EvacuationEvent {
  t: number
  type: 'evacuation'
  via: string
  tookNs: number
  evacuations: Evacuation[]
}

/** GET …/nodes: EMQX's own membership. Counts are read at request time, not cached. */
export interface NodesEvent {
  t: number
  type: 'nodes'
  via: string
  tookNs: number
  nodes: {
    node: string
    running: boolean
    version: string
    connections?: number
    liveConnections?: number
  }[]
}

/**
 * Which clients one node says it holds (GET …/clients, all pages). The question was asked at `t - tookNs` and answered
 * at `t`. `complete` is false when a page failed or the listing changed under the reader.
 */
export interface ListingEvent {
  t: number
  type: 'listing'
  node: string
  via: string
  tookNs: number
  complete: boolean
  connected: string[]
  /** Client ids of sessions without a connection. */
  detached: string[]
}

export interface ApiFailureEvent {
  t: number
  type: 'api-failure'
  /** e.g. "global_status", "nodes", "clients", "kubernetes", "prometheus" */
  api: string
  via: string
  status?: number
  error: string
}

/** One reading of a Prometheus: what it scraped within [fromT, toT] is in prometheus.ndjson from now on. */
export interface PrometheusEvent {
  t: number
  type: 'prometheus'
  tookNs: number
  fromT: number
  toT: number
  /** Scrapes that no earlier reading had. */
  scrapes: number
  /** Its clock minus this machine's, as measured; its times are recorded without it. */
  clockAheadMs: number
  /** How far that may be wrong, either way: half the time that the answer took. Older records do not say it. */
  clockErrorMs?: number
}

/** One try of the independent probe: connect, subscribe, publish QoS 1, receive, disconnect. */
export interface ProbeEvent {
  t: number
  type: 'probe'
  ok: boolean
  /** From the planned instant to the end of the round trip. */
  tookNs: number
  error?: string
}

/** The latencies of all messages of the fleet so far, while it is there: for metrics over time. The account has them too, at its end. */
export interface MessageLatencyEvent {
  t: number
  type: 'message-latency'
  latencies: readonly LatencyBuckets[]
}

export interface NoteEvent {
  t: number
  type: 'note'
  level: 'info' | 'warning' | 'error'
  text: string
}
