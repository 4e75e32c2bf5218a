import type { ClusterObservation } from '#weir/cluster/index.ts'
import { every } from '../run/every.ts'
import type { Run } from '../run/run.ts'
import { Blindness } from './blindness.ts'

const CHECK_SECONDS = 5

/**
 * Records the watches of the cluster, and updates the run's live state. Ends the run when a needed watch has a gap for too long, e.g.
 * after its permission was revoked.
 */
export async function observeCluster(run: Run): Promise<{ stop(): Promise<void> }> {
  const { clock } = run
  const blindness = new Blindness()
  const record = (observation: ClusterObservation) => {
    if (observation.type === 'gap') {
      const { phase, kind, reason, lastHeardUnixMs, unchanged } = observation
      const fromT = Math.max(0, clock.fromUnixMs(lastHeardUnixMs))
      const row = { type: 'watch-gap', kind, reason, fromT, ...(unchanged && { unchanged }) } as const
      blindness.gap(phase, kind, reason, phase === 'goes-on' ? clock.now() : run.emit(row))
    } else run.live.update(observation, run.emit(observation))
  }
  const observing = await run.cluster.observe(record)
  const ticker = every(clock, CHECK_SECONDS, () => {
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
