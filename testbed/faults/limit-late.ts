import { fault } from './fault.ts'

export const limitLate = fault({
  name: 'limit-late',
  part: 'emqx',
  summary: 'a changed licence holds only after ten minutes',
  shownBy: 'connections-race',
  caughtBy: ['immediate'],
  alsoFails: ['limit-holds'],
  emqx: () => ({ licenceDelayMs: 600_000 }),
})
