import type { RunView } from '#weir/record/view/index.ts'

/** The part of the run that client assertions judge: from the trigger until the fleet stopped. */
export function judgedSpan(run: RunView): { fromT: number; toT: number } {
  const toT = run.moments.fleetStopping ?? run.moments.end
  return { fromT: run.moments.trigger ?? 0, toT }
}

/** When the end state is judged: after the hold, or as late as the record goes. */
export function endStateT(run: RunView): number {
  const { holdEnd, fleetStopping, end } = run.moments
  const stop = fleetStopping ?? end
  return holdEnd === undefined ? stop : Math.min(holdEnd, stop)
}

/** The wait before the first reconnect attempt, its upper quantile, in nanoseconds. */
export function reconnectNs(run: RunView): number {
  return run.parameters.reconnect.maxMs * 1e6
}
