import { fault } from './fault.ts'

export const rebalanceFast = fault({
  name: 'rebalance-fast',
  part: 'emqx',
  summary: 'a node that gives clients away in a rebalance evicts at three times the rate it was given',
  shownBy: 'rebalance',
  caughtBy: ['eviction-envelope'],
  // Recipients get more than was meant before EMQX counts them.
  alsoFails: ['balance', 'no-storm', 'offline-peak', 'conservation'],
  emqx: (next) => ({ evictedPerTick: (rate, live) => next.evictedPerTick(rate * 3, live) }),
})
