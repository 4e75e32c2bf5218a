import type { Run } from '../run/run.ts'

/** Looks once: undefined when it is so, else what is still missing, in words. */
export type Look = (run: Run) => Promise<string | undefined> | string | undefined

export interface Wait {
  /** Milliseconds between two looks. */
  everyMs: number
  look: Look
  /** What happens once, before the first look. */
  before?: (run: Run) => void
  /** What happens once it is so. */
  after?: (run: Run) => Promise<void> | void
}

/** "a, b and 3 more": enough to look further, short enough for a line. */
export function some(names: readonly string[], shown = 3): string {
  const rest = names.length - shown
  return rest > 0 ? `${names.slice(0, shown).join(', ')} and ${rest} more` : names.join(', ')
}
