import { fault } from './fault.ts'

export const logLies = fault({
  name: 'log-lies',
  part: 'emqx',
  summary: 'the log of an evacuation tells of twice as many clients as are connected',
  shownBy: 'logs',
  caughtBy: ['log-truth'],
  emqx: () => ({ loggedTick: (count, rate) => ({ count: 2 * count, rate }) }),
})
