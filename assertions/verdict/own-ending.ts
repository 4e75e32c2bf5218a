import type { ProcessEndEvent, RecordEvent } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { upTo } from './truncation.ts'

/** What ended may have been late for this long before its end was noticed, and its last facts are missing. */
const NOTICED_NS = 1e9

/** The first process or thread of weir's that ended before the fleet began to leave: what came after it is no fact of the cluster. */
export function processEndOf({ events }: Pick<RunRecord, 'events'>): ProcessEndEvent | undefined {
  const stoppingT = stoppingOf(events) ?? Number.POSITIVE_INFINITY
  return events.find((event): event is ProcessEndEvent => event.type === 'process-end' && event.t < stoppingT)
}

/**
 * The record as it may be judged: without what weir's own ending does to the cluster. The fleet that leaves looks like a drain in
 * scrapes and samples. A generator or an embedded cluster that died ends the record earlier, as if the run had been interrupted then.
 */
export function upToOwnEnding(record: RunRecord): RunRecord {
  const end = processEndOf(record)
  if (end) {
    const { messages: _, ...cut } = upTo(record, end.t - NOTICED_NS)
    const manifest = { ...record.manifest, end: { t: end.t, how: 'interrupted', reason: end.how } as const }
    return { ...cut, manifest, events: [...cut.events, end] }
  }
  const stoppingT = stoppingOf(record.events)
  if (stoppingT === undefined) return record
  return {
    ...record,
    events: record.events.filter((event) => event.t <= stoppingT || isOfTheRun(event)),
    scrapes: record.scrapes.filter(({ t }) => t <= stoppingT),
    ...(record.polls && { polls: record.polls.filter(({ t }) => t <= stoppingT) }),
    ...(record.logs && { logs: record.logs.filter(({ t }) => t <= stoppingT) }),
  }
}

const stoppingOf = (events: readonly RecordEvent[]): number | undefined =>
  events.find((event) => event.type === 'mark' && event.name === 'fleet-stopping')?.t

/** What says how the run itself went on, not the cluster. */
const isOfTheRun = ({ type }: RecordEvent): boolean =>
  ['mark', 'note', 'step', 'action', 'health', 'fleet-pod'].includes(type)
