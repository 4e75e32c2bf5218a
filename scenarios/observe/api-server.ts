import { serverName } from '#weir/cluster/index.ts'
import { every } from '../run/every.ts'
import type { Run } from '../run/run.ts'
import { tellApiFailure } from './api-failure.ts'

const INTERVAL_SECONDS = 5
/** After this long without one answer nothing that the run waits for can be seen any more. */
const LOST_SECONDS = 45

/** Asks the API server for a sign of life, and ends the run when there has been none for too long. */
export function watchApiServer(run: Run): { stop(): Promise<void> } {
  const server = serverName(run.cluster.kube.server)
  let answeredAt = run.clock.now()
  return every(run.clock, INTERVAL_SECONDS, async () => {
    try {
      await run.cluster.kube.raw('GET', '/version')
      answeredAt = run.clock.now()
    } catch (error) {
      tellApiFailure(run, 'kubernetes', server, error)
      const silentSeconds = (run.clock.now() - answeredAt) / 1e9
      if (silentSeconds >= LOST_SECONDS)
        run.lose(`the API server ${server} has not answered for ${Math.round(silentSeconds)} s`, error)
    }
  })
}
