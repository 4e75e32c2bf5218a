import { fault } from './fault.ts'

export const slowSuback = fault({
  name: 'slow-suback',
  part: 'emqx',
  summary: 'new nodes answer a SUBSCRIBE only after five seconds',
  caughtBy: ['suback'],
  // Nothing else follows: the subscription itself is made at once, so no message is missed.
  emqx: (next) => ({ subackDelayMs: (node) => (node.isNew ? 5000 : next.subackDelayMs(node)) }),
})
