import type { RunView } from '#weir/record/view/index.ts'

/** Nodes that evict at the same time, each at the rate: all donors of a rebalance, else one after another. */
export const evictingAtOnce = ({ parameters: { rebalance } }: RunView): number =>
  Math.max(1, rebalance?.donors.length ?? 1)
