import { placementOf } from '#weir/bench/fleet/placement.ts'
import { WeirError } from '#weir/errors/index.ts'
import { ok, refused } from '../line.ts'
import type { GeneratorCheck } from './readings.ts'

/** Every client needs a socket, in this process or in a child. */
export const descriptors: GeneratorCheck = {
  id: 'descriptors',
  title: 'open files',
  code: 'WEIR_DESCRIPTORS',
  run({ clients, processes = 0 }, { descriptors: readings }) {
    try {
      const placement = placementOf({ clients, workers: 0, connectsInFlight: clients, processes }, readings)
      if (placement.processes === 0) return [ok(`enough for ${clients} clients`)]
      const over = placement.processes === 1 ? 'a child process' : `${placement.processes} child processes`
      return [ok(`${readings.limit} per process: ${clients} clients run in ${over}`)]
    } catch (error) {
      if (error instanceof WeirError) return [refused(error)]
      throw error
    }
  },
}
