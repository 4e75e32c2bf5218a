import type { AssertionId, Bounds } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import type { Finding } from './verdict/verdict.ts'

/** The check of one assertion in facts/assertions/. Pure: no I/O, no clock, no randomness. */
export type Check<Id extends AssertionId> = (
  run: RunView,
  bounds: Bounds<Id>,
) => Omit<Finding, 'id' | 'title'>
