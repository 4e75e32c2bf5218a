import { fault } from './fault.ts'

export const doubleTick = fault({
  name: 'double-tick',
  part: 'emqx',
  summary: 'the eviction tick runs every half second',
  caughtBy: ['eviction-envelope'],
  alsoFails: ['eviction-slope', 'no-storm', 'offline-peak', 'conservation'],
  emqx: () => ({ tickMs: 500 }),
})
