import type { Resources } from './resources.ts'

/** The record's format. A reader refuses a record of a newer format and says so. */
export const RECORD_FORMAT = 1

/** What the assertions' bounds are computed from: resolved before the run, never guessed afterwards. */
export interface Parameters {
  /** N: clients the fleet was asked to hold. */
  clients: number
  /** Clients of others on the same cluster when the fleet came: gauges, rates and evacuations count them too. */
  otherClients?: number
  /** Nodes of one generation: cores and replicants together. */
  nodes: number
  /** Nodes of one generation that take clients, when that is not all of them: the replicants where there are any. */
  servingNodes?: number
  /** R: connEvictRate, connections per second and node. */
  connEvictRate: number
  /** S: sessEvictRate, sessions per second and node. */
  sessEvictRate: number
  /** W as configured; 0 means that EMQX uses its own default of 60 s. */
  waitTakeoverSeconds: number
  /** D: initialDelaySeconds. */
  initialDelaySeconds: number
  /** k: nodes that the update may evacuate at once; absent where that is one. */
  nodesAtOnce?: number
  /** L: how long the operator may sleep between two looks at the cluster. */
  pollIntervalSeconds: number
  /** P: time between two scrapes of one pod. */
  scrapeIntervalSeconds: number
  /** Time between two samples of EMQX's evacuation status. */
  sampleIntervalSeconds: number
  /** T_r: the wait before the first reconnect attempt, its lower and upper quantile. */
  reconnect: { policy: string; minMs: number; maxMs: number }
  dialect: DialectFacts
  /** The version that the new pods must run, when the scenario changes it. */
  targetVersion?: string
  /**
   * Of a node that weir evacuates while the Service goes on to lead to it: the chance that a client comes to it and is refused. Absent where
   * the operator evacuates.
   */
  refusedChance?: number
  /** Rates that the resource asked for one after the other, where they changed on the way; those above are then the highest of them. */
  rates?: RatesFrom[]
  /** What the resource itself asks for, where the run is held to other numbers than its own (a scenario's judgeAs). */
  asked?: Asked
  /** Of a rebalance: an evacuation empties its nodes, a rebalance levels them. */
  rebalance?: Rebalance
  /** What nothing in a recording of others says was configured: its value is what was seen, and judges nothing. */
  unknown?: ParameterName[]
  /** What EMQX's container must have in every pod in the end; absent unless the change is one of resources. */
  targetResources?: Resources
  /** How long the end state must hold before the run may end. */
  holdSeconds: number
}

/** Parameters that an importer may not know: the rate, EMQX's waits, the clients' wait before they reconnect, what EMQX calls balanced. */
export type ParameterName = 'connEvictRate' | 'waits' | 'reconnect' | 'thresholds'

/** What POST …/load_rebalance/{node}/start was given, and which nodes EMQX chose (docs/contract/emqx.md#rebalance). */
export interface Rebalance {
  /** EMQX node names. */
  donors: string[]
  /** Empty when EMQX was not asked for them. */
  recipients: string[]
  /** By how many connections donors may exceed recipients on average. */
  absConnThreshold: number
  /** By which factor. */
  relConnThreshold: number
}

/** Rates that a resource asks for from `t` on. */
export interface RatesFrom {
  t: number
  connEvictRate: number
  sessEvictRate: number
}

/** Rates and waits as a resource has them, in the units of Parameters. */
export interface Asked {
  connEvictRate: number
  sessEvictRate: number
  waitTakeoverSeconds: number
  initialDelaySeconds: number
  /** As if nobody had named them: they are the operator's own defaults. */
  byDefault: boolean
}

/** The properties of a custom-resource dialect that a bound depends on. Assertions read these, never the dialect's name. */
export interface DialectFacts {
  /** For reports only, e.g. "v1beta4 EmqxEnterprise". */
  name: string
  /** The operator's release line, e.g. "2.1.2"; for reports and known deviations only. */
  operator?: string
  /** How long EMQX holds in waiting_health_check before it evicts (0: it has no such state). */
  healthCheckWaitSeconds: number
  /** True when the operator's update replaces nodes one by one through evacuation. */
  evacuates: boolean
  /**
   * How clients are led away from old nodes: by the Service itself (a new selector, or Endpoints that the operator writes), by the pods'
   * readiness gates, which old pods lose one after the other, or by a probe that each pod fails while it is evacuated, so that all others take
   * clients, old and new. Absent in older records: by the Service.
   */
  trafficSwitch?: 'service' | 'readiness-gate' | 'availability-probe'
  /**
   * What an update replaces: a set of pods by another one, to which a client moves once, or one pod after the other, so that a client may
   * move as often as there are old nodes. Absent in older records: the set.
   */
  replaces?: 'set' | 'pods'
  /** True when the operator takes a node that holds no session away without evacuating it. Absent in older records: false. */
  skipsEmptyNodes?: boolean
  /**
   * True when a message that comes while its subscriber's session is taken over may reach it twice, whatever its QoS. Absent in
   * older records: true.
   */
  takeoverMayDuplicate?: boolean
  /** Prometheus name of the channel-count gauge. */
  connectionsMetric: string
  /** Prometheus name of the live-connection gauge. A node whose version lacks it has no such sample. */
  liveConnectionsMetric: string
  /**
   * How soon EMQX shows a changed number of connections: kubelets take up to two minutes for the Secret of a licence, a configuration is given
   * to the nodes at once. Absent in older records.
   */
  limitWithinSeconds?: number
}

/** One assertion the scenario asks for; `bounds` override the defaults of assertions/. */
export interface AssertRequest {
  id: string
  bounds?: Record<string, number>
}

/** run.json. Written when the run starts, replaced (atomically) when more is known and when it ends. */
export interface Manifest {
  format: number
  weir: string
  scenario: { name: string; description?: string; resolved: unknown }
  seed: number
  /** The words after `weir` that make this run again, without secrets and without paths of the machine. Absent in older records. */
  command?: string[]
  /** What tells this run from others of its scenario, e.g. operator: 2.2.29. */
  labels?: Record<string, string>
  /** `anchorUnixMs`: wall time of t = 0. All `t` in a record are nanoseconds of one monotonic clock since then. */
  clock: { source: 'monotonic'; anchorUnixMs: number }
  host: { node: string; platform: string; cpus: number; memoryMiB: number }
  versions: Record<string, string>
  parameters?: Parameters
  asserts: AssertRequest[]
  /** Ids of known deviations (assertions/deviations) the scenario expects. */
  knownDeviations: string[]
  /** Ids of those that it may show or not, by chance. */
  mayDeviate?: string[]
  /** What is unusual about this run and belongs on every report, e.g. a shortened operator poll or a fault switched on. */
  notes: string[]
  /** Absent when the run was killed. `interrupted` is SIGINT or SIGTERM. */
  end?: { t: number; how: 'completed' | 'interrupted' | 'failed'; reason?: string }
}
