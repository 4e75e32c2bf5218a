import { fault } from './fault.ts'

export const slowAccept = fault({
  name: 'slow-accept',
  part: 'emqx',
  summary: 'new nodes answer a CONNECT only after eight seconds',
  caughtBy: ['downtime', 'offline-peak'],
  alsoFails: ['no-storm', 'conservation', 'available'],
  emqx: (next) => ({ connackDelayMs: (node) => (node.isNew ? 8000 : next.connackDelayMs(node)) }),
})
