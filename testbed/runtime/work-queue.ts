import { isConflict } from '#weir/cluster/kubernetes/api-errors.ts'
import { type Clock, realClock } from './clock.ts'

export interface QueueOptions {
  clock?: Clock
  /** How many keys are handled at a time; default any number. */
  workers?: number
  /** Pauses after failures in a row: the first, doubled each time up to the longest. */
  backOff?: { firstMs: number; longestMs: number }
  onError(key: string, error: unknown): void
  /** The pause after an error that is part of the work, instead of the back-off. */
  pauseMs?(error: unknown): number | undefined
}

/**
 * The work queue of a Kubernetes controller. A key that is added is handled soon, never twice at a time, and again when it
 * was added meanwhile. Handlers look at the present state and not at what changed, so one run may serve many additions. A
 * later wanted never postpones an earlier one. What fails is tried again.
 */
export class WorkQueue {
  readonly #handle: (key: string) => Promise<void>
  readonly #options: Required<Omit<QueueOptions, 'pauseMs'>> & Pick<QueueOptions, 'pauseMs'>
  readonly #ready = new Set<string>()
  readonly #running = new Map<string, Promise<void>>()
  readonly #later = new Map<string, { atMs: number; cancel: () => void }>()
  readonly #failures = new Map<string, number>()
  #pumps = false
  #stopped = false

  constructor(handle: (key: string) => Promise<void>, options: QueueOptions) {
    const { clock = realClock, workers = Number.POSITIVE_INFINITY } = options
    const { backOff = { firstMs: 10, longestMs: 30_000 } } = options
    this.#handle = handle
    this.#options = { ...options, clock, workers, backOff }
  }

  add(key: string): void {
    if (this.#stopped) return
    this.#ready.add(key)
    if (this.#pumps) return
    this.#pumps = true
    setImmediate(() => this.#pump())
  }

  addAfter(key: string, ms: number): void {
    if (this.#stopped) return
    if (ms <= 0) {
      this.add(key)
      return
    }
    const { clock } = this.#options
    const atMs = clock.now() + ms
    const later = this.#later.get(key)
    if (later !== undefined && later.atMs <= atMs) return
    later?.cancel()
    const cancel = clock.after(ms, () => {
      this.#later.delete(key)
      this.add(key)
    })
    this.#later.set(key, { atMs, cancel })
  }

  /** No new work begins; resolves when the work in hand is done. */
  async stop(): Promise<void> {
    this.#stopped = true
    for (const { cancel } of this.#later.values()) cancel()
    this.#later.clear()
    this.#ready.clear()
    await Promise.all(this.#running.values())
  }

  #pump(): void {
    this.#pumps = false
    for (const key of this.#ready) {
      if (this.#running.size >= this.#options.workers) return
      if (this.#running.has(key)) continue
      this.#ready.delete(key)
      this.#running.set(key, this.#run(key))
    }
  }

  async #run(key: string): Promise<void> {
    try {
      await this.#handle(key)
      this.#failures.delete(key)
    } catch (error) {
      if (!this.#stopped) this.#failed(key, error)
    }
    this.#running.delete(key)
    this.#pump()
  }

  #failed(key: string, error: unknown): void {
    const { backOff, onError, pauseMs } = this.#options
    onError(key, error)
    const pause = pauseMs?.(error)
    if (pause !== undefined) {
      this.addAfter(key, pause)
      return
    }
    const failures = this.#failures.get(key) ?? 0
    this.#failures.set(key, failures + 1)
    this.addAfter(key, Math.min(backOff.firstMs * 2 ** failures, backOff.longestMs))
  }
}

/** For onError: losing against another writer is part of the work, and the key is tried again with what the watch shows then. */
export const exceptConflicts =
  (report: QueueOptions['onError']): QueueOptions['onError'] =>
  (key, error) => {
    if (!isConflict(error)) report(key, error)
  }
