/** What an assertion reads from a record, and what a cluster must be like for it to mean anything. */
export type Need =
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
  /** Scrapes of each node's gauges. */
  | 'gauges'
  /** EMQX's own account of each evacuation. */
  | 'evacuation-status'
  /** Kubernetes objects: sets and pods, the Service's endpoints, the custom resource. */
  | 'pods'
  | 'service'
  | 'resource'
  /** Samples of the harness itself. */
  | 'health'
  /** Nodes are emptied before they are deleted. */
  | 'evacuation'
  /** Somebody is connected who can be evicted. */
  | 'evictions'
  /** No clients but the fleet's are connected: gauges and rates count everybody. */
  | 'fleet-alone'
  /** The first client to be evicted can be seen: it is one of the fleet, or the fleet is not there at all. */
  | 'first-eviction'

/** The charts of the report's page, all on one time axis. */
export const CHARTS = ['connections', 'rates', 'burst', 'offline', 'membership', 'health'] as const
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
  /** Where the property comes from. */
  source: string
  needs: readonly Need[]
  /** The chart that shows its evidence best; otherwise the evidence's own file decides. */
  chart?: ChartId
  /** Its place in the headline when several fail: what happened to clients first, what was said about it last. */
  rank: number
  /** Verdicts on rates and times are inconclusive when the harness did not keep up. */
  needsHealthyHarness?: boolean
  /** Missing client events may be why it fails, however they are filled in: then it is inconclusive. */
  needsWholeHistories?: boolean
  /** What a scenario may override. */
  bounds: Readonly<Record<string, Bound>>
}
