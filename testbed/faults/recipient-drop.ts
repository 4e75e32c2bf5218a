import { fault } from './fault.ts'

export const recipientDrop = fault({
  name: 'recipient-drop',
  part: 'emqx',
  summary: 'a rebalance also evicts clients of the nodes that are to get more',
  shownBy: 'rebalance',
  caughtBy: ['balance'],
  alsoFails: ['hops', 'no-storm', 'offline-peak', 'amplification', 'conservation'],
  emqx: (next) => ({
    evictedFrom: (donors, recipients) => [...next.evictedFrom(donors, recipients), ...recipients],
  }),
})
