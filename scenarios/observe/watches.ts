import type { ClusterObservation } from '#weir/cluster/index.ts'
import type { Run } from '../run/run.ts'
import { watchForBlindness } from './blindness.ts'

/** Records what the watches of the cluster tell, and keeps the run's live picture of it. */
export async function observeCluster(run: Run): Promise<{ stop(): Promise<void> }> {
  const { clock } = run
  const blindness = watchForBlindness(run)
  const take = (observation: ClusterObservation) => {
    if (observation.type === 'gap') {
      const { kind, reason, lastHeardUnixMs } = observation
      run.tell({ type: 'watch-gap', kind, reason, fromT: Math.max(0, clock.fromUnixMs(lastHeardUnixMs)) })
      blindness.gap(kind, reason)
    } else run.live.take(observation, run.tell(observation))
  }
  try {
    const observing = await run.cluster.observe(take)
    return {
      async stop() {
        await blindness.stop()
        await observing.stop()
      },
    }
  } catch (error) {
    await blindness.stop()
    throw error
  }
}
