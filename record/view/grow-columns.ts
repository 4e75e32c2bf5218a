/** A column of numbers that grows: rows are pushed one by one without an object each. */
export class FloatColumn {
  #values = new Float64Array(256)
  #length = 0

  get length(): number {
    return this.#length
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const wider = new Float64Array(this.#length * 2)
      wider.set(this.#values)
      this.#values = wider
    }
    this.#values[this.#length++] = value
  }

  set(row: number, value: number): void {
    this.#values[row] = value
  }

  at(row: number): number {
    return this.#values[row]!
  }

  take(): Float64Array {
    return this.#values.slice(0, this.#length)
  }
}
