/** What one try at a value came to. */
export interface Trial {
  outcome: 'pass' | 'fail' | 'inconclusive'
  /** What failed or stayed open; empty for a pass. */
  why: string
}

/** Values are whole numbers, and a larger one is harder. */
export interface SearchLimits {
  from: number
  to: number
  /** The search ends when the two values at the edge differ by no more than this share of the smaller. */
  precision: number
  /** Tries that both values at the edge get. */
  confirm: number
  mostTrials: number
  mostSeconds: number
}

/** Every try at one value, in order. */
export interface Tried<T extends Trial = Trial> {
  value: number
  trials: T[]
}

/**
 * Why a search ended: the edge is found; every value holds; not even the smallest does; a value stayed inconclusive however often it was tried;
 * the budget is used up; or something else stopped it.
 */
export type SearchEnd = 'found' | 'all-hold' | 'none-holds' | 'inconclusive' | 'budget' | 'stopped'

export interface SearchResult<T extends Trial = Trial> {
  end: SearchEnd
  /** The largest value at which every judged try passed. */
  holds?: number
  /** The smallest value at which one failed. */
  fails?: number
  /** By value, ascending. */
  tried: Tried<T>[]
  seconds: number
}
