import { fault } from './fault.ts'

export const slowSuback = fault({
  name: 'slow-suback',
  part: 'emqx',
  summary: 'new nodes answer a SUBSCRIBE only after five seconds',
  caughtBy: ['suback'],
  // The probe subscribes too: its round trips take too long, and those under way at once are connections that no client explains.
  alsoFails: ['available', 'gauge-truth'],
  emqx: (next) => ({ subackDelayMs: (node) => (node.isNew ? 5000 : next.subackDelayMs(node)) }),
})
