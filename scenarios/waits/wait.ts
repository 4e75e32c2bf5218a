import type { Run } from '../run/run.ts'

/** Polls once: undefined if the condition holds, else what is missing, as text. */
export type Poll = (run: Run) => Promise<string | undefined> | string | undefined

export interface Wait {
  /** Milliseconds between two polls. */
  everyMs: number
  poll: Poll
  /** Runs once, before the first poll. */
  before?: (run: Run) => void
  /** Runs once the condition holds. */
  after?: (run: Run) => Promise<void> | void
}

/** "a, b and 3 more". */
export function some(names: readonly string[], shown = 3): string {
  const rest = names.length - shown
  return rest > 0 ? `${names.slice(0, shown).join(', ')} and ${rest} more` : names.join(', ')
}
