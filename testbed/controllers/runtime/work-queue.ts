const FIRST_RETRY_MS = 10
const LAST_RETRY_MS = 30_000

export type Handler = (key: string) => Promise<void>

interface Entry {
  isRunning: boolean
  /** Something changed while it ran: once more. */
  isDirty: boolean
  failures: number
  timer: NodeJS.Timeout | undefined
}

/**
 * Brings the things named by keys to the state they should have: a key that is added is handled soon, never twice at a
 * time, and again when it was added meanwhile. Handlers look at the present state and not at what changed, so many
 * additions may be served by one run. A run that fails is repeated with growing pauses.
 */
export class WorkQueue {
  readonly #handler: Handler
  readonly #onError: (key: string, error: unknown) => void
  readonly #entries = new Map<string, Entry>()
  #isStopped = false

  constructor(handler: Handler, onError: (key: string, error: unknown) => void) {
    this.#handler = handler
    this.#onError = onError
  }

  add(key: string): void {
    if (this.#isStopped) return
    const entry = this.#entry(key)
    if (entry.isRunning) {
      entry.isDirty = true
      return
    }
    clearTimeout(entry.timer)
    entry.timer = undefined
    entry.isRunning = true
    setImmediate(() => void this.#run(key, entry))
  }

  /** Adds the key later, unless it is added sooner: then the handler asks again by itself if it must. */
  addAfter(key: string, delayMs: number): void {
    if (this.#isStopped) return
    const entry = this.#entry(key)
    clearTimeout(entry.timer)
    entry.timer = setTimeout(() => this.add(key), delayMs)
  }

  stop(): void {
    this.#isStopped = true
    for (const { timer } of this.#entries.values()) clearTimeout(timer)
    this.#entries.clear()
  }

  #entry(key: string): Entry {
    let entry = this.#entries.get(key)
    if (!entry) {
      entry = { isRunning: false, isDirty: false, failures: 0, timer: undefined }
      this.#entries.set(key, entry)
    }
    return entry
  }

  async #run(key: string, entry: Entry): Promise<void> {
    if (this.#isStopped) return
    let failed = false
    try {
      await this.#handler(key)
      entry.failures = 0
    } catch (error) {
      failed = true
      entry.failures++
      if (!this.#isStopped) this.#onError(key, error)
    }
    entry.isRunning = false
    if (this.#isStopped) return
    if (entry.isDirty) {
      entry.isDirty = false
      this.add(key)
    } else if (failed) this.addAfter(key, Math.min(FIRST_RETRY_MS * 2 ** (entry.failures - 1), LAST_RETRY_MS))
    else if (entry.timer === undefined) this.#entries.delete(key)
  }
}
