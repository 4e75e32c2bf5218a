/** Milliseconds, with a nanosecond's fraction, on the fleet's clock: 0 is `clockZeroNs` of process.hrtime.bigint(). */
export interface Clock {
  nowMs(): number
}

/**
 * performance.now() of this thread, moved to the fleet's zero: the clock of hrtime without a BigInt per event. `adjustment`: of a machine
 * whose clock follows another one's (`ClockAdjustment`).
 */
export function fleetClock(clockZeroNs: bigint, adjustment?: SharedArrayBuffer): Clock {
  const offsetMs = Number(process.hrtime.bigint() - clockZeroNs) / 1e6 - performance.now()
  if (!adjustment) return { nowMs: () => performance.now() + offsetMs }
  const adjusted = new ClockAdjustment(adjustment)
  return { nowMs: () => adjusted.of(performance.now() + offsetMs) }
}

/** A step: from when on, the correction then, its change per millisecond, and for how long it changes. */
const STEP = 4
/** A reader has this many further steps' time to read one. */
const STEPS = 64
const HEADER_BYTES = 8
/** Clocks are slewed, never set, so that time goes on: half a millisecond in a second. */
const MOST_SLEW = 5e-4
/** A correction takes at least this long. */
const SLEW_MS = 1000

/**
 * How far the fleet's clock of this machine is moved, in memory that the threads of a process share: one writes, all read. The correction is
 * a continuous function of time whose slope is far below 1, so no two events change their order.
 */
export class ClockAdjustment {
  readonly #latest: Int32Array
  readonly #steps: Float64Array

  static memory(): SharedArrayBuffer {
    return new SharedArrayBuffer(HEADER_BYTES + STEPS * STEP * Float64Array.BYTES_PER_ELEMENT)
  }

  constructor(memory: SharedArrayBuffer) {
    this.#latest = new Int32Array(memory, 0, 1)
    this.#steps = new Float64Array(memory, HEADER_BYTES)
  }

  /** The adjusted time for an unadjusted one. Both in milliseconds. */
  of(rawMs: number): number {
    const at = (Atomics.load(this.#latest, 0) % STEPS) * STEP
    const steps = this.#steps
    const sinceMs = Math.min(Math.max(0, rawMs - steps[at]!), steps[at + 3]!)
    return rawMs + steps[at + 1]! + steps[at + 2]! * sinceMs
  }

  /** The clock is ahead by so much (or behind, below 0): from `rawMs` on it gains or loses until it is not. */
  slew(rawMs: number, aheadMs: number): void {
    const forMs = Math.max(SLEW_MS, Math.abs(aheadMs) / MOST_SLEW)
    const latest = Atomics.load(this.#latest, 0) + 1
    const at = (latest % STEPS) * STEP
    this.#steps.set([rawMs, this.of(rawMs) - rawMs, -aheadMs / forMs, forMs], at)
    Atomics.store(this.#latest, 0, latest)
  }
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
