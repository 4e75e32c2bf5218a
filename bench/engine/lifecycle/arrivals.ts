import type { Clock } from '../clock.ts'
import type { ShardSpec } from '../shard-spec.ts'

const NEVER = Number.POSITIVE_INFINITY

/** Who comes when: the planned arrivals of a shard's clients, one after the other. */
export class Arrivals {
  readonly #arrivalMs: Float64Array
  #startMs = NEVER
  #arrived = 0

  constructor({ arrivalMs }: ShardSpec['clients']) {
    this.#arrivalMs = arrivalMs
  }

  /** The schedule's zero, on the fleet's clock. */
  begin(startMs: number): void {
    this.#startMs = startMs
  }

  /** When the next client is due, on the fleet's clock; infinity when all have come or none may yet. */
  nextMs(): number {
    const arrivalMs = this.#arrivalMs[this.#arrived]
    return arrivalMs === undefined ? NEVER : this.#startMs + arrivalMs
  }

  /** Lets everyone come who is due: calls `come` with the client's slot and its planned instant on the fleet's clock. */
  advance(clock: Clock, come: (slot: number, plannedMs: number) => void): void {
    for (let plannedMs = this.nextMs(); plannedMs <= clock.nowMs(); plannedMs = this.nextMs())
      come(this.#arrived++, plannedMs)
  }
}
