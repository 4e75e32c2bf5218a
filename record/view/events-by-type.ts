import type { RecordEvent, RecordEventType } from '#weir/facts/index.ts'

export type EventsOf = <T extends RecordEventType>(type: T) => Extract<RecordEvent, { type: T }>[]

/** The events of a record, sorted into one list a type, each in order of time. */
export function eventsByType(events: readonly RecordEvent[]): EventsOf {
  const lists = new Map<RecordEventType, RecordEvent[]>()
  for (const event of events) {
    const list = lists.get(event.type)
    if (list === undefined) lists.set(event.type, [event])
    else list.push(event)
  }
  return <T extends RecordEventType>(type: T) =>
    (lists.get(type) ?? []) as Extract<RecordEvent, { type: T }>[]
}
