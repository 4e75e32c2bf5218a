import { fault } from './fault.ts'

export const gaugeLies = fault({
  name: 'gauge-lies',
  part: 'emqx',
  summary: 'new nodes report a tenth more connections than they hold',
  caughtBy: ['gauge-truth'],
  alsoFails: ['conservation'],
  emqx: (next) => ({
    reportedConnections: (count, node) =>
      next.reportedConnections(node.isNew ? Math.ceil(count * 1.1) : count, node),
  }),
})
