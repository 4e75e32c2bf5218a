import type { RunView } from '#weir/record/view/index.ts'
import { momentOf } from './time.ts'

/** The instant that a report counts from: the trigger, as verdicts do; the record's zero when nothing was triggered. */
export function originOf(run: RunView): number {
  return run.moments.trigger ?? 0
}

/** A time of the record as in the verdict's sentences: "+31.4 s" after the trigger, "-5.0 s" before it. */
export function momentsOf(run: RunView): (t: number) => string {
  const { trigger } = run.moments
  if (trigger === undefined) return momentOf
  return (t) => (t >= trigger ? `+${momentOf(t - trigger)}` : momentOf(t - trigger))
}
