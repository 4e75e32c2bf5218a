import { REASON } from '../emqx/mqtt/codes.ts'
import { fault } from './fault.ts'

const BOUNCE_AFTER_MS = 3000

export const bounce = fault({
  name: 'bounce',
  part: 'emqx',
  summary: 'a new node disconnects each tenth client once more, a few seconds after it arrived',
  caughtBy: ['hops'],
  alsoFails: ['eviction-envelope', 'eviction-floor', 'no-storm', 'landing', 'offline-peak'],
  emqx(next) {
    const bounced = new Set<string>()
    const arrivals = new Map<string, number>()
    return {
      onConnected(node, channel) {
        next.onConnected(node, channel)
        if (!node.isNew || bounced.has(channel.clientId)) return
        const count = (arrivals.get(node.name) ?? 0) + 1
        arrivals.set(node.name, count)
        if (count % 10 !== 0) return
        bounced.add(channel.clientId)
        node.after(BOUNCE_AFTER_MS, () => {
          channel.connection?.sendDisconnect(REASON.useAnotherServer)
          channel.connection?.lose('use_another_server')
        })
      },
    }
  },
})
