import { fault } from './fault.ts'

export const limitIgnored = fault({
  name: 'limit-ignored',
  part: 'emqx',
  summary: 'EMQX shows the limit of its licence, and admits clients beyond it',
  shownBy: 'connections-raise',
  caughtBy: ['limit-holds'],
  emqx: () => ({ admittedSessions: () => Number.POSITIVE_INFINITY }),
})
