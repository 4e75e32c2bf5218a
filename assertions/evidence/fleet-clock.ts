import { CLOCK_DRIFT, type FleetClockEvent, isOfPod } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'

export interface PodClock {
  pod: string
  /** The clock of its clients' events was never further off than this. */
  errorMs: number
}

/**
 * How far each fleet pod's clock may have been off in [fromT, toT], at and between all comparisons: a slow one between two quick ones is no
 * worse than they allow. Infinity for a pod whose clock was never compared. Empty where the fleet ran in no pods.
 */
export function podClocks(run: RunView, fromT: number, toT: number): PodClock[] {
  const pods = run.of('fleet-pod').filter(({ phase, t }) => phase === 'running' && t <= toT)
  const lost = new Map(
    run.of('fleet-pod').flatMap(({ pod, sinceT }) => (sinceT === undefined ? [] : [[pod, sinceT]])),
  )
  return pods.map(({ pod, t: runningT }) => {
    const compared = run.of('fleet-clock').filter((one) => one.pod === pod)
    const untilT = Math.min(toT, lost.get(pod) ?? Number.POSITIVE_INFINITY)
    return { pod, errorMs: worstError(compared, Math.max(fromT, runningT), untilT) }
  })
}

/** Between two comparisons the error grows from both, and is largest where they meet. */
function worstError(compared: readonly FleetClockEvent[], fromT: number, toT: number): number {
  if (fromT > toT) return 0
  const [first, last] = [compared[0], compared.at(-1)]
  if (!first || !last) return Number.POSITIVE_INFINITY
  // When it moved is not known where only a slow comparison lies between: before that one, or after it.
  const backwards = driftsAlong(compared.toReversed()).toReversed()
  const drifts = driftsAlong(compared).map((driftMs, i) => Math.max(driftMs, backwards[i]!))
  const errors = errorsOf(compared, drifts)
  const between = drifts.flatMap((driftMs, i) => {
    const overlaps = compared[i]!.t <= toT && compared[i + 1]!.t >= fromT
    return overlaps ? [(errors[i]! + errors[i + 1]! + driftMs) / 2] : []
  })
  const before = errors[0]! + driftIn(Math.max(0, first.t - fromT))
  const after = errors.at(-1)! + driftIn(Math.max(0, toT - last.t))
  return Math.max(first.t >= fromT ? before : 0, ...between, last.t <= toT ? after : 0)
}

const driftIn = (ns: number) => (ns / 1e6) * CLOCK_DRIFT

/**
 * How far the clock may have moved between each comparison and the next: by CLOCK_DRIFT, and by as much more as one shows that contradicts those
 * before it.
 */
function driftsAlong(compared: readonly FleetClockEvent[]): number[] {
  let known = { least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY }
  const drifts = compared.map(({ t, aheadMs, errorMs }, i) => {
    const usualMs = i === 0 ? 0 : driftIn(Math.abs(t - compared[i - 1]!.t))
    const read = { least: aheadMs - errorMs, most: aheadMs + errorMs }
    const missedMs = Math.max(0, read.least - (known.most + usualMs), known.least - usualMs - read.most)
    const driftMs = usualMs + missedMs
    known = {
      least: Math.max(read.least, known.least - driftMs),
      most: Math.min(read.most, known.most + driftMs),
    }
    return driftMs
  })
  return drifts.slice(1)
}

/** The error at each comparison, by itself or by one near it. `drifts`: between each and the next. */
function errorsOf(compared: readonly FleetClockEvent[], drifts: readonly number[]): number[] {
  const errors = compared.map(({ aheadMs, errorMs }) => Math.abs(aheadMs) + errorMs)
  for (let i = 1; i < errors.length; i++) errors[i] = Math.min(errors[i]!, errors[i - 1]! + drifts[i - 1]!)
  for (let i = errors.length - 2; i >= 0; i--) errors[i] = Math.min(errors[i]!, errors[i + 1]! + drifts[i]!)
  return errors
}

/** For each client the number of its pod; undefined where the fleet ran in no pods. */
export function podOfClient(run: RunView): ((client: number) => number) | undefined {
  const pods = run.of('fleet-pod').filter(({ phase }) => phase === 'running')
  if (pods.length === 0) return undefined
  const byShard = Array.from({ length: pods[0]!.of }, (_, shard) =>
    pods.findIndex((pod) => isOfPod(pod, shard)),
  )
  return (client) => byShard[client % byShard.length]!
}
