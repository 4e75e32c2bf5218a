/** Milliseconds, with a nanosecond's fraction, on the fleet's clock: 0 is `clockZeroNs` of process.hrtime.bigint(). */
export interface Clock {
  nowMs(): number
}

/** performance.now() of this thread, moved to the fleet's zero: the clock of hrtime without a BigInt per event. */
export function fleetClock(clockZeroNs: bigint): Clock {
  const offsetMs = Number(process.hrtime.bigint() - clockZeroNs) / 1e6 - performance.now()
  return { nowMs: () => performance.now() + offsetMs }
}

/** What wakes an engine when a time has passed: Node's timers, or a test's that let hours pass in an instant. */
export interface Timers {
  /** Calls `run` once, `waitMs` whole milliseconds from now. */
  set(run: () => void, waitMs: number): unknown
  /** Takes what `set` gave; undefined and what has rung are no error. */
  clear(timer: unknown): void
}

export const nodeTimers: Timers = {
  set: (run, waitMs) => setTimeout(run, waitMs),
  clear: (timer) => clearTimeout(timer as NodeJS.Timeout | undefined),
}
