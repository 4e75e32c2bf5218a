/** Milliseconds, with a nanosecond's fraction, on the fleet's clock: 0 is `clockZeroNs` of process.hrtime.bigint(). */
export interface Clock {
  nowMs(): number
}

/**
 * performance.now() of this thread, moved to the fleet's zero: the same monotonic clock as hrtime, without a BigInt per
 * event. Every thread starts its own count, so every thread has an offset of its own.
 */
export function fleetClock(clockZeroNs: bigint): Clock {
  const offsetMs = Number(process.hrtime.bigint() - clockZeroNs) / 1e6 - performance.now()
  return { nowMs: () => performance.now() + offsetMs }
}
