/** One monotonic clock for everything in a record: nanoseconds since the run began. */
export interface RunClock {
  /** process.hrtime.bigint() at t = 0. */
  zeroNs: bigint
  /** Wall time at t = 0, Unix ms. */
  anchorUnixMs: number
  /** Nanoseconds since t = 0. */
  now(): number
  /** A wall time of this host as nanoseconds since t = 0. */
  fromUnixMs(unixMs: number): number
  /** Wall clock minus monotonic clock, against the anchor: a step of the wall clock shows here. */
  skewMs(): number
}

export function startClock(): RunClock {
  const zeroNs = process.hrtime.bigint()
  const anchorUnixMs = Date.now()
  const now = () => Number(process.hrtime.bigint() - zeroNs)
  return {
    zeroNs,
    anchorUnixMs,
    now,
    fromUnixMs: (unixMs) => Math.round((unixMs - anchorUnixMs) * 1e6),
    skewMs: () => Date.now() - anchorUnixMs - now() / 1e6,
  }
}
