import type { AssertionId } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import type { Messages } from '../messages/index.ts'

/** A way in which released software is known to differ from its documentation. */
export interface Deviation {
  id: keyof Messages['deviations']
  /** The section of docs/contract/ that states it. */
  source: string
  /** Facts of the record that show it; judged from what happened, the operator's version only excludes. */
  shows(run: RunView): boolean
  /** Assertions that fail in every run that deviates so. */
  fails: readonly AssertionId[]
  /** Assertions that may fail as well, depending on numbers and timing. */
  mayFail: readonly AssertionId[]
  /** Assertions that such a run leaves open, e.g. because no drain lasts long enough to be measured. */
  leavesOpen: readonly AssertionId[]
}
