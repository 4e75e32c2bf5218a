import type { RecordEvent } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'

/** A lost watch says so in the record, and then tells where things stand. */
export function blinded(record: RunRecord, fromT: number, toT: number): RunRecord {
  const watched = new Set<string>(['set', 'pod', 'endpoints', 'cr', 'watch'])
  const inside = (event: RecordEvent) => watched.has(event.type) && event.t > fromT && event.t < toT
  const late = record.events.filter(inside).map((event) => ({ ...event, t: toT }))
  const gaps = [
    'StatefulSet',
    'ReplicaSet',
    'Pod',
    'EndpointSlice',
    'Service',
    'EmqxEnterprise',
    'EMQX',
  ].flatMap((kind) =>
    [fromT, toT].map((t): RecordEvent => ({ t, type: 'watch-gap', kind, fromT, reason: 'connection reset' })),
  )
  const events = [...record.events.filter((event) => !inside(event)), ...gaps, ...late]
  return { ...record, events: events.sort((a, b) => a.t - b.t) }
}

/** The API server answers no more: no object, no new pod to scrape or to ask, and the run gives up in the end. */
export function lostSight(record: RunRecord, fromT: number): RunRecord {
  const reason = 'the credentials of the kubeconfig are not, or no longer, accepted (401)'
  const lost = blinded(record, fromT, Number.POSITIVE_INFINITY)
  const seen = lost.events.filter((event) => event.t < Number.POSITIVE_INFINITY)
  const known = new Set(seen.flatMap((event) => (event.type === 'pod' ? event.name : [])))
  // Nor does the run see that the upgrade is done.
  const isUnknown = (event: RecordEvent) =>
    ('via' in event && !known.has(event.via)) ||
    (event.type === 'mark' && event.t > fromT && event.name !== 'fleet-stopping')
  return {
    ...lost,
    manifest: { ...record.manifest, end: { t: record.manifest.end?.t ?? 0, how: 'failed', reason } },
    events: seen.filter((event) => !isUnknown(event)),
    scrapes: record.scrapes.filter(({ pod }) => known.has(pod)),
  }
}
