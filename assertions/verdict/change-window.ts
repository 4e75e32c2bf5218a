import type { RecordEvent } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'

/**
 * The record without what its nodes and its resource reported of an earlier change: an observation may begin while another update
 * ends. The last report before the trigger stays, for it is how things stood, but the evacuations in it are not of this change.
 */
export function changeWindow(record: RunRecord): RunRecord {
  const triggerT = record.events.find((event) => event.type === 'mark' && event.name === 'trigger')?.t
  if (triggerT === undefined) return record
  const lastOf = (type: RecordEvent['type']) =>
    record.events.findLast((event) => event.type === type && event.t < triggerT)
  const standing = new Set([lastOf('evacuation'), lastOf('cr')])
  const events = record.events.flatMap((event): RecordEvent[] => {
    if (event.t >= triggerT || (event.type !== 'evacuation' && event.type !== 'cr')) return [event]
    // With an evacuation under way it does not say when the next one may have begun.
    if (!standing.has(event) || (event.type === 'evacuation' && event.evacuations.length > 0)) return []
    return [{ ...event, evacuations: [] }]
  })
  return { ...record, events }
}
