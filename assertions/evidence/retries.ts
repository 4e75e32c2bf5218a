import type { RunView } from '#weir/record/view/index.ts'

/** Beyond so many standard deviations chance explains a sum no more. */
const SIGMAS = 5
/** Nor does it explain one client among many with this chance. */
const NEVER = 1e-6

/**
 * How often chance alone refuses evicted clients, where the Service goes on to lead to the node that evicts them: each try comes to it with
 * the same chance, so the refusals of one client are geometric. All are 0 where it does not.
 */
export interface Retries {
  /** Refusals for each eviction. */
  mean: number
  /** What so many evictions may bring beyond the mean. */
  spread(evictions: number): number
  /** The most refusals in a row of one client among so many. */
  longest(evictions: number): number
}

export function retriesOf({ parameters }: RunView): Retries {
  const { refusedChance: chance = 0 } = parameters
  const mean = chance / (1 - chance)
  const variance = mean / (1 - chance)
  return {
    mean,
    spread: (evictions) => SIGMAS * Math.sqrt(evictions * variance),
    longest: (evictions) =>
      chance === 0 ? 0 : Math.ceil(Math.log(NEVER / Math.max(1, evictions)) / Math.log(chance)),
  }
}
