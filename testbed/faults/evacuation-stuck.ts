import { fault } from './fault.ts'

export const evacuationStuck = fault({
  name: 'evacuation-stuck',
  part: 'emqx',
  summary: 'session eviction of the first node never ends',
  caughtBy: ['duration'],
  alsoFails: ['all-new'],
  emqx: (next) => ({ keepsSessions: (isFirst) => isFirst || next.keepsSessions(isFirst) }),
})
