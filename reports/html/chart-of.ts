import type { Evidence } from '#weir/assertions/verdict/verdict.ts'

export const CHARTS = ['connections', 'rates', 'burst', 'offline', 'membership', 'health'] as const

/** A chart on the shared time axis. */
export type ChartId = (typeof CHARTS)[number]

const BY_ASSERTION: Record<string, ChartId> = {
  'eviction-envelope': 'burst',
  'eviction-floor': 'rates',
  'no-storm': 'burst',
  amplification: 'rates',
  refusals: 'rates',
  'offline-peak': 'offline',
  downtime: 'offline',
  available: 'offline',
  'evacuation-serial': 'membership',
  'evacuation-states': 'membership',
  'initial-delay': 'membership',
  'switch-before-evict': 'membership',
  'drained-before-delete': 'membership',
  'all-new': 'membership',
  'status-truth': 'membership',
  'status-shape': 'membership',
  duration: 'membership',
  'harness-healthy': 'health',
}

const BY_FILE: Record<Evidence['file'], ChartId> = {
  'run.json': 'membership',
  'fleet.json': 'connections',
  'clients.arrow': 'connections',
  'events.ndjson': 'membership',
  'metrics.ndjson': 'connections',
  'messages.ndjson': 'connections',
}

/** The chart on which a reader sees this evidence best. */
export function chartOf(assertion: string, evidence: Evidence): ChartId {
  return BY_ASSERTION[assertion] ?? BY_FILE[evidence.file]
}
