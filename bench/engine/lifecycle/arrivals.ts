import type { Clock } from '../clock.ts'
import type { ShardSpec } from '../shard-spec.ts'

const NEVER = Number.POSITIVE_INFINITY

/** The planned arrivals of a shard's clients, one after the other. */
export class Arrivals {
  readonly #arrivalMs: Float64Array
  #startMs = NEVER
  #arrived = 0

  constructor({ arrivalMs }: ShardSpec['clients']) {
    this.#arrivalMs = arrivalMs
  }

  /** The schedule's zero on the fleet's clock. */
  begin(startMs: number): void {
    this.#startMs = startMs
  }

  /** When the next client is due; infinity when all have arrived or none may yet. */
  nextMs(): number {
    const arrivalMs = this.#arrivalMs[this.#arrived]
    return arrivalMs === undefined ? NEVER : this.#startMs + arrivalMs
  }

  /** Calls `arrive` with the slot and the planned instant of every client that is due. */
  advance(clock: Clock, arrive: (slot: number, plannedMs: number) => void): void {
    for (let plannedMs = this.nextMs(); plannedMs <= clock.nowMs(); plannedMs = this.nextMs())
      arrive(this.#arrived++, plannedMs)
  }
}
