/** Work that follows a write: done soon after, never inside it, one task at a time, and awaited when the server closes. */
export class Background {
  #tail: Promise<void> = Promise.resolve()
  #isClosed = false

  /** A task that throws is a defect of the server: it is reported by `onError` and does not stop later ones. */
  readonly #onError: (error: unknown) => void

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError
  }

  run(task: () => Promise<void> | void): void {
    this.#tail = this.#tail.then(async () => {
      await new Promise((resolve) => setImmediate(resolve))
      if (this.#isClosed) return
      try {
        await task()
      } catch (error) {
        this.#onError(error)
      }
    })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#tail
  }
}
