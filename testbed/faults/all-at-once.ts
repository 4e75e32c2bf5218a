import { fault } from './fault.ts'

export const allAtOnce = fault({
  name: 'all-at-once',
  part: 'emqx',
  summary: 'an evacuating node evicts everybody in its first tick',
  caughtBy: ['eviction-envelope', 'no-storm'],
  alsoFails: ['eviction-slope', 'offline-peak', 'conservation', 'gauge-truth'],
  emqx: () => ({ evictedPerTick: (_rate, live) => live }),
})
