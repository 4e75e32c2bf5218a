import type { Clock } from './clock.ts'

const BACKOFF_BASE_MS = 5
const BACKOFF_LIMIT_MS = 1_000_000

/**
 * The work queue of a Kubernetes controller with one worker: a key waits at most once; a later wish never postpones an
 * earlier one (so a change in the middle of an idle period is looked at, and the idle poll still comes on its old
 * beat); a key that fails comes back after 5 ms, 10 ms, 20 ms, … 1000 s.
 */
export class WorkQueue {
  readonly #clock: Clock
  readonly #waiting = new Map<string, { at: number; cancel: () => void }>()
  readonly #failures = new Map<string, number>()
  readonly #ready = new Set<string>()
  #running = false
  #stopped = false
  #work: ((key: string) => Promise<void>) | undefined
  #idle: Promise<void> = Promise.resolve()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  start(work: (key: string) => Promise<void>): void {
    this.#work = work
    this.#pump()
  }

  add(key: string): void {
    if (this.#stopped) return
    this.#ready.add(key)
    this.#pump()
  }

  addAfter(key: string, ms: number): void {
    if (this.#stopped) return
    if (ms <= 0) {
      this.add(key)
      return
    }
    const at = this.#clock.now() + ms
    const waiting = this.#waiting.get(key)
    if (waiting !== undefined && waiting.at <= at) return
    waiting?.cancel()
    const cancel = this.#clock.after(ms, () => {
      this.#waiting.delete(key)
      this.add(key)
    })
    this.#waiting.set(key, { at, cancel })
  }

  addRateLimited(key: string): void {
    const failures = this.#failures.get(key) ?? 0
    this.#failures.set(key, failures + 1)
    this.addAfter(key, Math.min(BACKOFF_BASE_MS * 2 ** failures, BACKOFF_LIMIT_MS))
  }

  forget(key: string): void {
    this.#failures.delete(key)
  }

  /** No new work begins; resolves when the piece in hand is done. */
  async stop(): Promise<void> {
    this.#stopped = true
    for (const { cancel } of this.#waiting.values()) cancel()
    this.#waiting.clear()
    this.#ready.clear()
    await this.#idle
  }

  #pump(): void {
    if (this.#running || this.#work === undefined) return
    this.#running = true
    this.#idle = this.#drain(this.#work)
  }

  async #drain(work: (key: string) => Promise<void>): Promise<void> {
    for (;;) {
      const key = this.#ready.values().next().value
      if (key === undefined || this.#stopped) {
        this.#running = false
        return
      }
      this.#ready.delete(key)
      await work(key)
    }
  }
}
