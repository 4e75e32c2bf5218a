import { usageError } from '#weir/errors/index.ts'
import type { ArrivalSpec } from '../types.ts'
import { arrivalSchedule } from './schedule.ts'

/**
 * Planned start of each client in ms after the start, ascending. Throws WEIR_USAGE when the schedule ends before all have
 * started.
 */
export function plannedInstantsMs(spec: ArrivalSpec, clients: number, seed: number): Float64Array {
  const schedule = arrivalSchedule(spec, seed)
  const instantsMs = new Float64Array(clients)
  let previousMs = 0
  for (let k = 0; k < clients; k++) {
    previousMs = schedule(k, previousMs)
    if (!Number.isFinite(previousMs))
      throw usageError(
        `arrival: the "${spec.kind}" schedule ends at 0 per second with ${clients - k} of ${clients} clients left to start: end it with a rate above 0`,
      )
    instantsMs[k] = previousMs
  }
  return instantsMs
}
