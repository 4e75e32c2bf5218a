import { spread } from '#weir/bench/fleet/spread.ts'
import { WeirError } from '#weir/errors/index.ts'
import { ok, refused } from '../line.ts'
import type { GeneratorCheck } from './check.ts'

/** A socket for every client, in this process or in children. */
export const descriptors: GeneratorCheck = {
  id: 'descriptors',
  title: 'open files',
  code: 'WEIR_DESCRIPTORS',
  look({ clients, processes = 0 }, { descriptors: readings }) {
    try {
      const spreading = spread({ clients, workers: 0, connectsInFlight: clients, processes }, readings)
      if (spreading.processes === 0) return [ok(`enough for ${clients} clients`)]
      const over = spreading.processes === 1 ? 'a child process' : `${spreading.processes} child processes`
      return [ok(`${readings.limit} each process: ${clients} clients go over ${over}`)]
    } catch (error) {
      if (error instanceof WeirError) return [refused(error)]
      throw error
    }
  },
}
