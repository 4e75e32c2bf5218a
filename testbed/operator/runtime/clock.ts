/** Time as the operator sees it; tests may bring their own. */
export interface Clock {
  /** Unix milliseconds. */
  now(): number
  /** Calls back after so many milliseconds; the answer cancels. */
  after(ms: number, callback: () => void): () => void
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms)
    return () => clearTimeout(timer)
  },
}

export const sleep = (clock: Clock, ms: number) =>
  new Promise<void>((resolve) => void clock.after(ms, resolve))

/** Kubernetes' resolution: whole seconds. */
export const timestamp = (unixMs: number) => `${new Date(unixMs).toISOString().slice(0, 19)}Z`
