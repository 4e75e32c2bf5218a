import type { Fleet, MqttUser } from '#weir/bench/types.ts'
import type { Cluster, Untimed } from '#weir/cluster/index.ts'
import type { Parameters, RecordEvent } from '#weir/facts/index.ts'
import type { RecordWriter } from '#weir/record/index.ts'
import type { Listings } from '../observe/listings.ts'
import type { Scenario } from '../types.ts'
import type { CleanUp } from './clean-up.ts'
import type { RunClock } from './clock.ts'
import type { LiveCluster } from './live-cluster.ts'

/** The cluster just before the change that the run is about. */
export interface Trigger {
  t: number
  /** Uids of the pods that existed. */
  pods: ReadonlySet<string>
  /** Names of the sets that had replicas. */
  sets: readonly string[]
  version?: string
}

/** The cluster while nobody has changed it, for a run that waits for somebody else's change. */
export interface BeforeChange extends Pick<Trigger, 'pods' | 'sets'> {
  generation: number
  version: string | undefined
}

/** What the parts of one run share. */
export interface Run {
  readonly scenario: Scenario
  readonly seed: number
  /** Given when the cluster is weir's own testbed. */
  readonly testbed?: Scenario['testbed']
  /** Clients of a user's cluster that were there before the fleet. */
  readonly otherClients?: number | undefined
  /** Whom the clients are to a user's EMQX. Never recorded. */
  readonly mqttUser?: MqttUser | undefined
  readonly cluster: Cluster
  readonly clock: RunClock
  readonly live: LiveCluster
  readonly record: RecordWriter
  readonly listings: Listings
  /** Aborted with an Interrupted or a RunLost when the run must end now. */
  readonly signal: AbortSignal
  /** Records an event at this moment. Returns its time. */
  tell(event: Untimed<RecordEvent>): number
  /** Ends the run from outside its steps. */
  lose(reason: string, cause?: unknown): void
  /** What the last look of the current step still missed, for the live line. */
  message: string
  phase: string
  /** How many actions were begun. */
  actions: number
  parameters?: Parameters
  fleet?: Fleet
  /** When `apply` last changed a resource that was there before: its status is of no worth until the operator has looked. */
  configuredAt?: number
  beforeChange?: BeforeChange | undefined
  trigger?: Trigger
  /** Settles when a change that was sent to the API server is known to be made or not. */
  changing?: Promise<void>
  readonly cleanUp: CleanUp
}
