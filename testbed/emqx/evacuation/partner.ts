import type { NodeCore } from '../node-core.ts'
import { type EvictionOrder, evictConnections, evictSessions } from './evict.ts'
import type { Partner } from './rebalance-partner.ts'

/** A node as a rebalance sees it, in whichever order it evicts its clients. */
export function partnerOf(node: NodeCore, order: EvictionOrder): Partner {
  const away = () => node.countedSessions().filter(({ connection }) => connection === undefined)
  return {
    name: node.name,
    liveConnections: () => node.live.size,
    sessions: () => [...node.countedSessions()].length,
    disconnectedSessions: () => [...away()].length,
    isBusy: () => node.agent.enabled,
    serve: (rebalance) => node.agent.serve(rebalance),
    release: (rebalance) => node.agent.release(rebalance),
    evictConnections: (rate, done) =>
      evictConnections(node, order.take(node.hooks.evictedPerTick(rate, node.live.size)), done),
    evictSessions(count, recipients) {
      const candidates = recipients.flatMap((name) => node.group.available(name) ?? [])
      evictSessions(away().take(count), candidates, node.group.random)
    },
  }
}
