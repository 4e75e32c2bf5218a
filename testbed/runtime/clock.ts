/** Time as the testbed's parts see it. Tests put a virtual clock here, so that minutes take milliseconds. */
export interface Clock {
  /** Unix milliseconds, monotonic. */
  now(): number
  /** Runs once after `ms`; the returned function cancels. */
  after(ms: number, run: () => void): () => void
  /** Runs once, after pending input and output: how long work is cut into short stretches. */
  soon(run: () => void): void
}

/** The machine's own time. Timers do not keep the process alive: listeners do. */
export const realClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    timer.unref()
    return () => clearTimeout(timer)
  },
  soon: (run) => void setImmediate(run),
}

export const sleep = (clock: Clock, ms: number) =>
  new Promise<void>((resolve) => void clock.after(ms, resolve))
