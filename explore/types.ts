import type { AssertRequest } from '#weir/facts/index.ts'
import type { Scenario } from '#weir/scenarios/types.ts'

/** The versions of the resource that are explored. */
export type Dialect = Extract<Scenario['cluster']['dialect'], 'v1beta4' | 'v2beta1'>

/** What the steps so far have made of the cluster, as far as the next step depends on it. */
export interface ClusterState {
  dialect: Dialect
  /** Updating: clients move. Held: pods of a change cannot start. Emptied: the node with the highest number has no client and takes none. */
  phase: 'rest' | 'updating' | 'held' | 'emptied' | 'stopped'
  version: string
  /** What the old pods of an update run. */
  versionBefore: string
  nodes: number
  /** Updates begun so far, one that was changed on the way counted twice. */
  updates: number
  /** Something was changed: the clock of what is judged runs. */
  isChanged: boolean
  isOperatorAway: boolean
  /** The update under way was interfered with already: another step would not find it where it has to be. */
  isDisturbed: boolean
  /** How often a sequence is to go on for a while before the update can be expected to end: a step is to be short. */
  pauses: number
  /** Nodes at the end of the set that were added, and that no client has come to yet. */
  idleNodes: number
  /** Nodes with clients when the update under way began: one without is gone before a step can find it. */
  occupied: number
  /** A set that cannot start is left, as released operators leave it: nothing else can be waited for. */
  isLittered: boolean
}

/** What a step means for the assertions that can be asked of its episode. */
export type Effect =
  | 'update'
  | 'changed-on-the-way'
  | 'slowed'
  | 'held'
  | 'scale'
  | 'evacuation'
  | 'idle-evacuation'
  | 'stop'
  | 'kill'
  | 'kill-at-rest'
  | 'api-server-gone'
  | 'emqx-api-gone'
  | 'operator-gone'
  | 'generation'

/** A step of a sequence: its kind, and which of the kind's variants. */
export interface SequenceStep {
  kind: string
  variant: number
}

/** A step of a scenario, as its file has it. */
export type StepText = Readonly<Record<string, unknown>>

/** A kind of step. Every one ends with what must have settled, so that the cluster can be judged after it. */
export interface Kind {
  name: string
  /** How often it comes, beside the other legal ones. */
  weight: number
  /** 1 where it is left out. */
  variants?: number
  effects: readonly Effect[]
  isLegal(state: ClusterState): boolean
  after(state: ClusterState, variant: number): ClusterState
  steps(state: ClusterState, variant: number): StepText[]
  /** In a few words, for people. */
  title(state: ClusterState, variant: number): string
}

/** Steps that begin on a fresh cluster and end with one at rest. */
export interface Episode {
  dialect: Dialect
  steps: readonly SequenceStep[]
}

/** What one run of an episode asks. */
export type Asked = AssertRequest[]
