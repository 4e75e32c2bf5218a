import type { AssignedAccess } from '#weir/bench/types.ts'
import type { Cluster, PrometheusApi, Untimed } from '#weir/cluster/index.ts'
import type { ClusterStates, Disturbance, LoopHealth, RecordEvent } from '#weir/facts/index.ts'
import type { RecordWriter } from '#weir/record/index.ts'
import type { FleetPods } from '../fleet-job/start-pods.ts'
import type { Scenario } from '../types.ts'
import type { CleanUp } from './clean-up.ts'
import type { RunClock } from './clock.ts'
import type { LiveCluster } from './live-cluster.ts'
import type { RunState } from './state.ts'

export interface ClientListings {
  /** Lists every node now. */
  all(): Promise<void>
  /** Starts to collect `located`: only listings requested after this moment count. */
  locate(run: Run): void
  /** Client ids that some node listed as connected since `locate`. */
  readonly located: ReadonlySet<string>
  start(run: Run): void
  stop(): Promise<void>
}

/** The process of a cluster that this weir started. */
export interface ClusterProcess {
  pid: number
  /** Resolves when it dies without having been closed, with what is known of it; else never. */
  died: Promise<string>
  /** How its event loop did since the reading before. */
  health(): LoopHealth
  /** Has something happen to it. Resolves once that has begun. */
  disturb(disturbance: Disturbance): Promise<void>
}

/** What the parts of a run share. Only `state` changes. */
export interface Run {
  readonly scenario: Scenario
  readonly seed: number
  /** What the MQTT client ids of this run begin with, and those of no other run unless the user chose the ids. */
  readonly clientIdPrefix: string
  /** Where the user chose the ids of the fleet: of what nodes list, those of other clients are left out. */
  readonly chosenIds?: ReadonlySet<string> | undefined
  /** Given when the cluster is weir's own testbed. */
  readonly testbed?: Scenario['testbed']
  /** Given when this weir started the cluster. */
  readonly clusterProcess?: ClusterProcess | undefined
  /** Clients on a user's cluster that were connected before the fleet. */
  readonly otherClients?: number | undefined
  /** How clients connect, and who they are: of it the ids alone are recorded. */
  readonly access: AssignedAccess
  /** Given when the scenario names one. Its credentials are never recorded. */
  readonly prometheus?: PrometheusApi | undefined
  /** Given when the fleet is in pods of the cluster. */
  readonly fleetPods?: FleetPods | undefined
  readonly cluster: Cluster
  readonly clock: RunClock
  readonly live: LiveCluster
  readonly record: RecordWriter
  readonly listings: ClientListings
  /** Aborted with an Interrupted or a RunLost when the run must end now. */
  readonly signal: AbortSignal
  /** The state of the cluster, as far as it is observed. */
  readonly states: ClusterStates
  /** Records an event at this moment. Returns its time. */
  emit(event: Untimed<RecordEvent>): number
  /** Ends the run from outside its steps. */
  lose(reason: string, cause?: unknown): void
  readonly state: RunState
  readonly cleanUp: CleanUp
}
