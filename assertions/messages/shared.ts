import { type Blocker, blockerText } from '#weir/facts/index.ts'
import { count } from './english.ts'

/** What resolves an inconclusive finding, where several assertions share it. */
export const settle = {
  drain: 'Run a scenario that drains a node.',
  eviction: 'Run a scenario that evicts clients.',
  upgrade: 'Run a scenario with an upgrade.',
  evacuation: 'Run a scenario that evacuates a node.',
  lessLoad: 'Rerun on a less loaded machine.',
  wholeRun: 'Rerun and let the run reach its end.',
  podsDeleted: 'Keep recording until the old pods are deleted.',
  noMissingEvents: 'Use a record without missing events.',
  clientEvents: 'Use a record with client events.',
  clocks: 'Synchronize the clocks of the recorders.',
  watches: 'Rerun without gaps in the watches.',
  listings: "List each node's clients before and during the drain.",
  samples: 'Sample the evacuation status every second.',
  samplesWithoutPause: 'Sample the evacuation status without a pause.',
  shortSample: 'Shorten the scrape interval, or sample the evacuation status.',
}

/** Phrases of several assertions. */
export const shared = {
  unknown: 'unknown',
  noEvictions: 'no evictions',
  noEviction: 'no client was evicted after the trigger',
  noReturn: 'no evicted client came back after the trigger',
  evacuationStatus: 'evacuation status',
  evacuationStatusOf: ({ node }: { node: string }) => `evacuation status of ${node}`,
  gaugeOf: ({ metric, node }: { metric: string; node: string }) => `${metric} of ${node}`,
  clientsOf: ({ node }: { node: string }) => `clients of ${node}`,
  eventsOf: ({ client }: { client: string }) => `client ${client}`,
  takenBack: ({ version }: { version: string }) =>
    `the change was taken back: the resource asks for ${version} again`,
  blocker: (blocker: Blocker) => blockerText(blocker),
  /** Clauses beside each other. */
  clauses: (parts: readonly string[]) => parts.join('; '),
  resourceStatus: 'status of the resource',
  contradictingCounts: ({ left, node }: { left: number; node: string }) => ({
    measured: `${left} by the clients, 0 by EMQX`,
    why: `${count(left, 'client')} of ${node} never recorded a disconnect, while EMQX counted no connection there`,
  }),
}
