import { takeoverSeconds } from '#weir/facts/index.ts'
import type { ModelWorld } from './world.ts'

/** EMQX evicts once a second (docs/contract/emqx.md#eviction-rate), and begins the next second when it is done: idle nodes took 1.00 to 1.05 s. */
const TICK_SECONDS = 1.002

/**
 * The evacuation of one node (docs/contract/emqx.md#evacuation-states): wait for health checks, a burst of connections a second, wait for
 * takeovers, a burst of sessions a second. `done` is called when it is prohibiting.
 */
export function evacuate(world: ModelWorld, node: number, done: () => void): void {
  const { agenda, fleet, setting } = world
  agenda.after(setting.healthCheckWaitSeconds, () => {
    world.spent('health checks')
    fleet.refusing.add(node)
    evictConnections()
  })

  function evictConnections(): void {
    if (fleet.connected.size(node) > 0) {
      fleet.drop(node, setting.connEvictRate, false)
      agenda.after(TICK_SECONDS, evictConnections)
      return
    }
    world.spent('connections')
    agenda.after(takeoverSeconds(setting.waitTakeoverSeconds), () => {
      world.spent('takeover')
      evictSessions()
    })
  }

  function evictSessions(): void {
    if (fleet.parked.size(node) === 0) {
      world.spent('sessions')
      done()
      return
    }
    for (let left = setting.sessEvictRate; left > 0; left--) fleet.parked.take(node)
    agenda.after(TICK_SECONDS, evictSessions)
  }
}
