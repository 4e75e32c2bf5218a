import type { ClientSession } from '../emqx/session/channel.ts'
import type { Delivery } from '../emqx/session/session.ts'
import { fault } from './fault.ts'

const HELD_BACK_OF_EACH = 20
/** Pairs of messages that change places in a run: early ones, so that the second of a pair still comes. */
const PAIRS = 5

export const reorder = fault({
  name: 'reorder',
  part: 'emqx',
  summary: 'a few messages are overtaken by the next one of their publisher',
  caughtBy: ['messages'],
  // Acknowledged messages of sessions that outlive their connection: order is promised to these above all.
  emqx(next) {
    const heldBack = new Map<ClientSession, Delivery>()
    let acknowledged = 0
    let pairs = 0
    function reordered(session: ClientSession, delivery: Delivery): Delivery[] {
      const held = heldBack.get(session)
      if (held !== undefined) {
        const { from, topic } = delivery.message
        if (held.message.from !== from || held.message.topic !== topic) return [delivery]
        heldBack.delete(session)
        return [delivery, held]
      }
      if (delivery.qos === 0 || pairs === PAIRS || !(session.channel!.expirySeconds > 0)) return [delivery]
      if (++acknowledged % HELD_BACK_OF_EACH !== 0) return [delivery]
      pairs++
      heldBack.set(session, delivery)
      return []
    }
    return {
      deliveries(session, delivery) {
        const before = next.deliveries?.(session, delivery) ?? [delivery]
        return before.flatMap((one) => reordered(session, one))
      },
    }
  },
})
