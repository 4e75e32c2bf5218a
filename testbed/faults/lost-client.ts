import { REASON } from '../emqx/mqtt/codes.ts'
import { fault } from './fault.ts'

const CLIENTS = 3

export const lostClient = fault({
  name: 'lost-client',
  part: 'emqx',
  summary: 'a few client ids are never admitted again once evicted',
  caughtBy: ['conservation'],
  alsoFails: ['no-storm', 'amplification', 'offline-peak', 'downtime', 'refusals'],
  emqx(next) {
    const lost = new Set<string>()
    return {
      onEvicted(node, channel) {
        next.onEvicted(node, channel)
        if (lost.size < CLIENTS) lost.add(channel.clientId)
      },
      refusal: (node, clientId) => (lost.has(clientId) ? REASON.notAuthorized : next.refusal(node, clientId)),
    }
  },
})
