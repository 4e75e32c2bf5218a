import { fault } from './fault.ts'

export const evacuationSlow = fault({
  name: 'evacuation-slow',
  part: 'emqx',
  summary: 'the node evicts half the rate it was given',
  caughtBy: ['eviction-floor'],
  alsoFails: ['eviction-slope'],
  emqx: (next) => ({
    evictedPerTick: (rate, live) => next.evictedPerTick(Math.max(1, Math.floor(rate / 2)), live),
  }),
})
