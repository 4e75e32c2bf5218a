import { fault } from './fault.ts'

export const ignoreSubscribe = fault({
  name: 'ignore-subscribe',
  part: 'emqx',
  summary: 'new nodes never answer a SUBSCRIBE',
  caughtBy: ['suback'],
  // The probe subscribes too: its round trips fail, and those under way at once are connections that no client explains.
  alsoFails: ['available', 'gauge-truth'],
  emqx: (next) => ({
    subackDelayMs: (node) => (node.isNew ? Number.POSITIVE_INFINITY : next.subackDelayMs(node)),
  }),
})
