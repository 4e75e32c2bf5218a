import type { EvacuationState, Parameters, RecordEvent, RecordEventType } from '#weir/facts/index.ts'
import type { RunRecord } from '../run-record.ts'

/**
 * Connections and nodes of a record, derived from its facts. Input of assertions and charts.
 * All times are nanoseconds since the record's zero.
 */
export interface RunView {
  record: RunRecord
  /** Of the manifest. Throws when the run died before they were resolved: check `hasParameters` first. */
  parameters: Parameters
  hasParameters: boolean
  nodes: NodeView[]
  /** Index into `nodes` by EMQX node name, of the newest of that name: where there is a time, ask `nodeAt`. */
  nodeByName: ReadonlyMap<string, number>
  /** The node that had that name at a time: a pod that is made again under its name is another node. */
  nodeAt(name: string, t: number): number | undefined
  /** The same by pod name. */
  nodeByPod: ReadonlyMap<string, number>
  /** Index of the node that a pod name meant at `t`: pods are recreated under their names. -1 for none. */
  nodeOfPodAt(pod: string, t: number): number
  connections: Connections
  /** Ends of connections that the client did not want, ordered by time, between trigger and fleet-stopping. */
  evictions: Evictions
  /** The same before the trigger: they belong to no evacuation. */
  lossesBeforeTrigger: Evictions
  spells: OfflineSpells
  /** Connections that two nodes listed: one of them listed a client that had moved. */
  listedTwice: ListedTwice[]
  /** Times of connection attempts from trigger to fleet-stopping, ascending. */
  attempts: Float64Array
  evacuations: EvacuationView[]
  moments: Moments
  /** Events of one type, ordered by time. */
  of<T extends RecordEventType>(type: T): Extract<RecordEvent, { type: T }>[]
  /** When watches heard nothing. */
  gaps: readonly WatchGap[]
  /** True if a watch of this kind had a gap within [fromT, toT]. */
  blind(kind: string, fromT: number, toT: number): boolean
}

/** From the last word of a watch to the listing after it; `toT` is Infinity when there was none. */
export interface WatchGap {
  kind: string
  fromT: number
  toT: number
}

export interface Moments {
  clusterReady?: number
  fleetReady?: number
  trigger?: number
  /** First eviction by an evacuating node; else first state other than waiting_health_check. */
  firstEviction?: number
  /** True when no sample of the status was near: whether its node was evacuating is unknown. */
  firstEvictionUnseen?: boolean
  /** When weir saw that the change was complete. */
  changeDone?: number
  holdEnd?: number
  /** When the fleet began to leave, or newcomers came beside it. */
  fleetStopping?: number
  /** The last event of the record. */
  end: number
}

export interface NodeView {
  /** EMQX's node name; '' if the record ends before it is known, e.g. of a pod that never got an address. */
  name: string
  pod: string
  set: string
  /** `old`: in a set with replicas before the trigger; `new`: in a set created after it. */
  side: 'old' | 'new'
  /** Undefined if the cluster has only one kind of node. */
  role?: 'core' | 'replicant'
  /** The number that a StatefulSet gave its pod; -1 for a pod of any other set. */
  ordinal: number
  image?: string
  ip?: string
  firstSeenT: number
  /** Why Kubernetes itself ended its pod, e.g. "EvictionByEvictionAPI". */
  disruption?: string
  /** When its pod got a deletionTimestamp. */
  deletingT?: number
  deletedT?: number
}

/** One row per connection (CONNACK 0 to its end), ordered by client, then time. `firstOf[k]..firstOf[k+1]` are client k's. */
export interface Connections {
  length: number
  firstOf: Uint32Array
  client: Uint32Array
  attemptT: Float64Array
  from: Float64Array
  /** Infinity while still open when the record ends. */
  to: Float64Array
  /** 0 still open, 1 ended by the server or the network, 2 the client's own planned end. */
  end: Uint8Array
  endReason: Uint16Array
  endCode: Int16Array
  sessionPresent: Int8Array
  /** Port of the client's end when it began, and when the client left; 0 where it is unknown. */
  fromPort: Uint16Array
  toPort: Uint16Array
  /** Index into RunView.nodes; -1 if unknown. */
  node: Int32Array
  /** Share of connections whose node is unknown. */
  unknownShare: number
}

export interface Evictions {
  length: number
  t: Float64Array
  client: Uint32Array
  connection: Uint32Array
  node: Int32Array
}

/** From a connection's unwanted end to the same client's next CONNACK 0. */
export interface OfflineSpells {
  length: number
  client: Uint32Array
  from: Float64Array
  /** Infinity if the client did not reconnect within the record. */
  to: Float64Array
  refusals: Uint16Array
  failures: Uint16Array
  /** Node left and node reached, -1 unknown. */
  fromNode: Int32Array
  toNode: Int32Array
  /** 1 when the client stayed away by plan. */
  away: Uint8Array
}

/** Two nodes that listed the same connection, with the last time of each such listing. */
export interface ListedTwice {
  connection: number
  nodes: [number, number]
  lastAskedT: [number, number]
}

/** One node's evacuation according to EMQX's API (events of type `evacuation`). */
export interface EvacuationView {
  node: number
  /** Last sample without it, first sample with it, last sample with it, first sample without it again. */
  notBeforeT: number
  firstSeenT: number
  lastSeenT: number
  goneT?: number
  /** Each state with the interval in which it must have begun: (notBeforeT, seenT]. */
  states: { state: EvacuationState; notBeforeT: number; seenT: number; lastSeenT: number }[]
  samples: { t: number; state: EvacuationState; currentConnected: number; currentSessions: number }[]
  recipients: string[]
  connectionEvictionRate: number
  sessionEvictionRate: number
  initialConnected: number
  initialSessions: number
}
