import type { RunView } from '#weir/record/view/index.ts'

/** Nodes that evict at the same time, each at the rate: all donors of a rebalance, as many as an update allows, else one after another. */
export const evictingAtOnce = ({ parameters: { rebalance, nodesAtOnce = 1 } }: RunView): number =>
  Math.max(nodesAtOnce, rebalance?.donors.length ?? 1)
