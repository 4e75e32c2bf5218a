import { REASON } from '../emqx/mqtt/codes.ts'
import { fault } from './fault.ts'

export const refuseSome = fault({
  name: 'refuse-some',
  part: 'emqx',
  summary: 'new nodes refuse one CONNECT in five',
  caughtBy: ['refusals', 'amplification'],
  alsoFails: ['no-storm', 'offline-peak', 'downtime'],
  emqx(next) {
    const connects = new Map<string, number>()
    return {
      refusal(node, clientId) {
        const reason = next.refusal(node, clientId)
        if (reason !== undefined || !node.isNew) return reason
        const count = (connects.get(node.name) ?? 0) + 1
        connects.set(node.name, count)
        return count % 5 === 0 ? REASON.quotaExceeded : undefined
      },
    }
  },
})
