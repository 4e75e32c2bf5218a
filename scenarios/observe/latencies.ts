import { every } from '../run/every.ts'
import type { Run } from '../run/run.ts'

const INTERVAL_SECONDS = 5

/** Records the latencies of the fleet's messages so far, whenever there are more of them. */
export function observeLatencies(run: Run): { stop(): Promise<void> } {
  let seen = 0
  return every(run.clock, INTERVAL_SECONDS, () => {
    const latencies = run.state.fleet?.latencies() ?? []
    const count = latencies.reduce((sum, { counts }) => counts.reduce((all, one) => all + one, sum), 0)
    if (count === seen) return
    seen = count
    run.emit({ type: 'message-latency', latencies })
  })
}
