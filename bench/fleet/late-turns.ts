/** A turn of an event loop that comes later than this is late. */
export const LATE_TURN_MS = 50

/** What a histogram of event-loop delay has to offer for counting. */
export interface DelayHistogram {
  /** Turns measured. */
  readonly count: number
  /** Nanoseconds between two turns, the probe's own period included. */
  percentile(percentile: number): number
}

/** How many turns a loop made and how many of them were late, so that shares can be added up over any time. */
export interface LoopTurns {
  turns: number
  late: number
}

/** Counts a delay histogram's late turns, from the latest down. `periodMs` is the probe's own period. */
export function countLateTurns(delays: DelayHistogram, periodMs: number): LoopTurns {
  const turns = Number(delays.count)
  const isLate = (rank: number) =>
    delays.percentile((100 * (rank - 0.5)) / turns) / 1e6 - periodMs > LATE_TURN_MS
  let late = 0
  while (late < turns && isLate(turns - late)) late++
  return { turns, late }
}

/** The loop with the larger share of late turns. */
export function worseTurns(a: LoopTurns, b: LoopTurns): LoopTurns {
  return b.late * a.turns > a.late * b.turns || a.turns === 0 ? b : a
}
