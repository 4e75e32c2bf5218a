import { CLOCK_DRIFT } from '#weir/facts/index.ts'

/** One request to a pod: when it left and when its answer came, on this machine's clock, and the pod's clock in between. */
export interface RoundTrip {
  sentMs: number
  podMs: number
  receivedMs: number
}

/** How a pod's clock compares with this machine's. */
export interface ClockReading {
  /** The pod's clock minus this machine's. */
  aheadMs: number
  /** How far that may be wrong after the last trip, either way: half the quickest one, and what the clocks may have parted since. */
  errorMs: number
  tookMs: number
  trips: number
}

/**
 * The reading of several round trips. The pod read its clock somewhere within each trip, so the quickest one says most (Cristian, "Probabilistic
 * clock synchronization", 1989).
 */
export function clockReading(trips: readonly RoundTrip[]): ClockReading {
  const quickest = trips.reduce((a, b) => (took(b) < took(a) ? b : a))
  const tookMs = took(quickest)
  return {
    aheadMs: quickest.podMs - (quickest.sentMs + tookMs / 2),
    errorMs: tookMs / 2 + (trips.at(-1)!.receivedMs - quickest.receivedMs) * CLOCK_DRIFT,
    tookMs,
    trips: trips.length,
  }
}

const took = ({ sentMs, receivedMs }: RoundTrip) => receivedMs - sentMs

/** By how much the pod's clock must be moved; 0 for what the reading cannot tell from none. */
export const correctionMs = ({ aheadMs, errorMs }: ClockReading): number =>
  Math.abs(aheadMs) > errorMs ? aheadMs : 0
