import type { Arrival } from '#weir/bench/ledger/receipts.ts'

/** The account of one pair as anybody would write it who need not save memory: it remembers everything. */
export class SlowAccount {
  readonly #came = new Map<number, { connection: number }>()
  readonly #excused = new Set<number>()
  readonly copies: number[] = []
  #epoch = 0
  #connection = 0
  #highAtConnection = 0
  high = 0
  duplicated = 0
  redelivered = 0
  reordered = 0

  take(sequence: number, arrival: Arrival): boolean {
    if (arrival.connection !== this.#connection) {
      this.#connection = arrival.connection
      this.#highAtConnection = this.high
    }
    if (this.#came.has(sequence)) {
      this.duplicated++
      if (arrival.qos === 1 && (arrival.duplicateFlag || sequence <= this.#highAtConnection))
        this.redelivered++
      else this.copies.push(sequence)
      return false
    }
    if (sequence < this.high) this.reordered++
    if (sequence > this.high && arrival.epoch !== this.#epoch) {
      for (let passed = this.high + 1; passed < sequence; passed++) this.#excused.add(passed)
      this.#epoch = arrival.epoch
    }
    this.#came.set(sequence, { connection: arrival.connection })
    this.high = Math.max(this.high, sequence)
    return true
  }

  get received(): number {
    return this.#came.size
  }

  missing(): number[] {
    return Array.from({ length: this.high }, (_, i) => i + 1).filter((sequence) => !this.#came.has(sequence))
  }

  excusedMissing(): number[] {
    return this.missing().filter((sequence) => this.#excused.has(sequence))
  }
}
