import type { Evidence } from '#weir/assertions/verdict/verdict.ts'
import { type ChartId, definitionOf, isAssertionId } from '#weir/facts/index.ts'

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
  return (isAssertionId(assertion) && definitionOf(assertion).chart) || BY_FILE[evidence.file]
}
