/** Runs side by side, as many as the machine carries; the others wait their turn. */
export class Pool {
  #free: number
  readonly #waiting: (() => void)[] = []

  constructor(sideBySide: number) {
    this.#free = sideBySide
  }

  /** Queues at once; a test looks at the result later, so a failure must not count as unhandled until then. */
  queue<T>(make: () => Promise<T>): Promise<T> {
    const result = this.#inTurn(make)
    result.catch(() => {})
    return result
  }

  async #inTurn<T>(make: () => Promise<T>): Promise<T> {
    if (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    else this.#free--
    try {
      return await make()
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#free++
    }
  }
}
