import { REASON } from '../emqx/mqtt/codes.ts'
import { fault } from './fault.ts'

export const refuseSubscribe = fault({
  name: 'refuse-subscribe',
  part: 'emqx',
  summary: 'new nodes refuse every SUBSCRIBE',
  caughtBy: ['suback'],
  // The probe subscribes too.
  alsoFails: ['available'],
  emqx: (next) => ({
    subscribeRefusal: (node) => (node.isNew ? REASON.notAuthorized : next.subscribeRefusal(node)),
  }),
})
