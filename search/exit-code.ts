import { EXIT } from '#weir/errors/index.ts'
import type { SearchEnd } from './types.ts'

/** Exit codes (docs/commands.md): nothing holds is a failure, an open end is inconclusive. */
export const EXIT_OF: Readonly<Record<SearchEnd, number>> = {
  found: EXIT.pass,
  'all-hold': EXIT.pass,
  'none-holds': EXIT.fail,
  inconclusive: EXIT.inconclusive,
  budget: EXIT.inconclusive,
  stopped: EXIT.interrupted,
}
