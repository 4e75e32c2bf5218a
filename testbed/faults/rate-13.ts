import { fault } from './fault.ts'

export const rate13 = fault({
  name: 'rate-13',
  part: 'emqx',
  summary: 'the node evicts 1.3 times the rate it was given',
  caughtBy: ['eviction-slope'],
  alsoFails: ['eviction-envelope', 'no-storm', 'offline-peak'],
  emqx: (next) => ({ evictedPerTick: (rate, live) => next.evictedPerTick(Math.round(rate * 1.3), live) }),
})
