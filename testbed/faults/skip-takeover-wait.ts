import { fault } from './fault.ts'

export const skipTakeoverWait = fault({
  name: 'skip-takeover-wait',
  part: 'emqx',
  summary: 'the node goes from evicting connections straight to evicting sessions',
  caughtBy: ['evacuation-states'],
  emqx: () => ({ waitsForTakeover: false }),
})
