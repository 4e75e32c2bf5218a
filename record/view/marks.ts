import type { MarkName } from '#weir/facts/index.ts'
import type { EventsOf } from './events-by-type.ts'

/** When each mark was set first. */
export function marksOf(of: EventsOf): ReadonlyMap<MarkName, number> {
  const marks = new Map<MarkName, number>()
  for (const mark of of('mark')) if (!marks.has(mark.name)) marks.set(mark.name, mark.t)
  return marks
}
