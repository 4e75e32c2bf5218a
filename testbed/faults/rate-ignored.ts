import { fault } from './fault.ts'

export const rateIgnored = fault({
  name: 'rate-ignored',
  part: 'emqx',
  summary: 'an evacuating node evicts at four times the rate it was given',
  caughtBy: ['eviction-envelope'],
  alsoFails: ['eviction-slope', 'no-storm', 'offline-peak', 'conservation'],
  emqx: (next) => ({ evictedPerTick: (rate, live) => next.evictedPerTick(rate * 4, live) }),
})
