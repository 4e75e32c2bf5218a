import type { AssertionId } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import type { Random } from '../simulator/random.ts'

/** A change of a record, and what a verdict may make of it. */
export interface Mutation {
  name: string
  /** `cluster`: something else happened. `knowledge`: the same happened, and less of it was recorded, or wrongly. */
  of: 'cluster' | 'knowledge'
  /** How many different ones there are; `variant` counts them. */
  variants?: number
  /** Undefined where the record has nothing to change. */
  apply(record: RunRecord, random: Random, variant: number): RunRecord | undefined
  /** These must fail, where they passed before. Empty for knowledge. */
  fails?: readonly AssertionId[]
  /** These may fail too: what follows from it. */
  mayFail?: readonly AssertionId[]
  /** These may become inconclusive. */
  mayOpen?: readonly AssertionId[]
}

export const SECOND = 1e9
