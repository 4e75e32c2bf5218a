import { serverName } from '#weir/cluster/index.ts'
import { every } from '../run/every.ts'
import type { Run } from '../run/run.ts'
import { recordApiFailure } from './api-failure.ts'

const INTERVAL_SECONDS = 5
const LOST_SECONDS = 45

/** Polls the API server, and ends the run after LOST_SECONDS without an answer. */
export function watchApiServer(run: Run): { stop(): Promise<void> } {
  const server = serverName(run.cluster.kube.server)
  let answeredAt = run.clock.now()
  return every(run.clock, INTERVAL_SECONDS, async () => {
    try {
      await run.cluster.kube.raw('GET', '/version')
      answeredAt = run.clock.now()
    } catch (error) {
      recordApiFailure(run, 'kubernetes', server, error)
      const silentSeconds = (run.clock.now() - answeredAt) / 1e9
      if (silentSeconds >= LOST_SECONDS)
        run.lose(`the API server ${server} has not answered for ${Math.round(silentSeconds)} s`, error)
    }
  })
}
