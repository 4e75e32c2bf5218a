import type { ClusterObservation } from '#weir/cluster/index.ts'
import { every } from '../run/every.ts'
import type { Run } from '../run/run.ts'
import { Blindness } from './blindness.ts'

const LOOK_SECONDS = 5

/**
 * Records what the watches of the cluster tell, and keeps the run's live picture of it. Ends the run when one that it
 * cannot do without stays blind, as when its permission was taken away.
 */
export async function observeCluster(run: Run): Promise<{ stop(): Promise<void> }> {
  const { clock } = run
  const blindness = new Blindness()
  const take = (observation: ClusterObservation) => {
    if (observation.type === 'gap') {
      const { kind, reason, lastHeardUnixMs } = observation
      const fromT = Math.max(0, clock.fromUnixMs(lastHeardUnixMs))
      blindness.gap(kind, reason, run.emit({ type: 'watch-gap', kind, reason, fromT }))
    } else run.live.take(observation, run.emit(observation))
  }
  const observing = await run.cluster.observe(take)
  const ticker = every(clock, LOOK_SECONDS, () => {
    const why = blindness.lost(clock.now())
    if (why !== undefined) run.lose(why)
  })
  return {
    async stop() {
      await ticker.stop()
      await observing.stop()
    },
  }
}
