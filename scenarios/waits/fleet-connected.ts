import { endingTodo, endingWords } from '#weir/bench/index.ts'
import type { Wait } from './wait.ts'

/** Every client is connected. */
export const fleetConnected: Wait = {
  everyMs: 100,
  poll({ scenario, state }) {
    const { fleet } = state
    if (!fleet) return 'the fleet has not been started'
    const { online, refused, failed, gaveUp } = fleet.counters()
    const { clients } = scenario.fleet
    if (online === clients) return undefined
    const count = `${online} of ${clients} clients are connected (${refused} attempts refused, ${failed} failed, ${gaveUp} clients gave up)`
    const { failedAttempt } = state
    if (online > 0 || !failedAttempt) return count
    const ending = { ...failedAttempt, count: 1 }
    return `${count}; ${endingWords(ending)}: ${endingTodo(ending)}`
  },
  after(run) {
    run.emit({ type: 'mark', name: 'fleet-ready' })
  },
}
