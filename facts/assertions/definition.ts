import type { ParameterName } from '../manifest.ts'

/** What an assertion reads from a record. */
export type Content =
  /** Events of the fleet's clients. */
  | 'clients'
  /** Session present in CONNACKs. */
  | 'sessions'
  /** SUBACKs of clients that subscribe after each connect. */
  | 'subscriptions'
  /** The ledger of messages and wills. */
  | 'traffic'
  /** The independent client beside the fleet. */
  | 'probe'
  /** Clients that connect once, after the change. */
  | 'newcomers'
  /** What EMQX was given to keep for clients that are not connected, and what it gave back. */
  | 'stored-data'
  /** Tries of addresses from outside. */
  | 'trials'
  /** Services as Kubernetes objects, and what was asked of one. */
  | 'service-objects'
  /** Settings beside the pods: what was asked, and what the cluster shows. */
  | 'settings'
  /** Scrapes of each node's gauges. */
  | 'gauges'
  /** What EMQX printed in its pods. */
  | 'logs'
  /** EMQX's status of each evacuation. */
  | 'evacuation-status'
  /** Kubernetes objects: sets and pods, the Service's endpoints, the custom resource. */
  | 'pods'
  | 'service'
  | 'resource'
  /** Kubernetes Services as the API server sent them. */
  | 'service-objects'
  /** Samples of the harness itself. */
  | 'health'

/** What a cluster must be like for an assertion to mean anything. */
export type Circumstance =
  /** Nodes are evacuated before they are deleted. */
  | 'evacuation'
  /** At least one client can be evicted. */
  | 'evictions'
  /** Only the fleet's clients are connected: gauges and rates count all clients. */
  | 'fleet-alone'
  /** The first evicted client is recorded: it is in the fleet, or there is no fleet. */
  | 'first-eviction'
  /** An update makes a set of pods that takes the old one's place; pods that are replaced one by one, under their names, have none. */
  | 'new-set'

export type Need = Content | Circumstance

/** The charts of the report's page, all on one time axis. */
export const CHARTS = [
  'connections',
  'prometheus',
  'rates',
  'burst',
  'offline',
  'membership',
  'health',
] as const
export type ChartId = (typeof CHARTS)[number]

export interface Bound {
  default: number
  unit: string
  meaning: string
}

export const bound = (value: number, unit: string, meaning: string): Bound => ({
  default: value,
  unit,
  meaning,
})

/** Everything about an assertion but its check. */
export interface Definition {
  /** The property as a statement that holds when the assertion passes. */
  title: string
  /** Sections of docs/contract/, or a clause of MQTT. */
  source: string
  needs: readonly Need[]
  /** The chart that shows its evidence best; otherwise the evidence's own file decides. */
  chart?: ChartId
  /** Its place in the headline when several fail: effects on clients first, status reports last. */
  rank: number
  /** Verdicts on rates and times are inconclusive when the harness did not keep up. */
  needsHealthyHarness?: boolean
  /** Missing client events may be why it fails, however they are filled in: then it is inconclusive. */
  needsWholeHistories?: boolean
  /** It takes the end of a connection for an eviction: an end of which the path may be the cause does not prove a failure. */
  countsEvictions?: boolean
  /** A node that drops its connections at once makes it fail by that alone. */
  failsByDrop?: boolean
  /** It may fail in a run in which nothing was changed: what it forbids is wrong at any time. */
  needsNoChange?: boolean
  /** It belongs to operations other than an update: only a scenario that names it asks for it. */
  ofOperations?: boolean
  /** With a part of the fleet it proves nothing, though it reads nothing of the clients. */
  holdsMoreEasilyWithFewer?: boolean
  /** Parameters that its bounds are made of: with one unknown it proves nothing. */
  reads?: readonly ParameterName[]
  /** What a scenario may override. */
  bounds: Readonly<Record<string, Bound>>
}
