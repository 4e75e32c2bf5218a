import type { FleetCounters } from '../types.ts'
import type { BenchCommand } from './flags.ts'

/** How a fleet stands at one moment: what the live line, `--json` and `--prometheus` show. */
export interface Snapshot {
  command: BenchCommand
  /** Requested clients. */
  clients: number
  elapsedMs: number
  counters: FleetCounters
}

/** Messages per second between two looks. */
export class RateMeter {
  #last = { elapsedMs: 0, published: 0, received: 0 }

  read({ elapsedMs, counters }: Snapshot): { published: number; received: number } {
    const { published, received } = counters
    const seconds = (elapsedMs - this.#last.elapsedMs) / 1000
    const perSecond = (now: number, then: number) => (seconds > 0 ? (now - then) / seconds : 0)
    const rates = {
      published: perSecond(published, this.#last.published),
      received: perSecond(received, this.#last.received),
    }
    this.#last = { elapsedMs, published, received }
    return rates
  }
}
