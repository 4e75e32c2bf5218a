import { type FleetClockEvent, isOfPod } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'

/** How much two clocks may part in a millisecond: crystals differ by far less, and a pod's clock is slewed by no more. */
const DRIFT = 1e-3
/** A comparison says nothing better than its neighbours of so far away: they are looked at alone. */
const NEIGHBOURS = 24

export interface PodClock {
  pod: string
  /** The clock of its clients' events was never further off than this. */
  errorMs: number
}

/**
 * How far each fleet pod's clock may have been off in [fromT, toT], by all comparisons: a slow one between two quick ones is no worse than
 * they allow. Infinity for a pod whose clock was never compared. Empty where the fleet ran in no pods.
 */
export function podClocks(run: RunView, fromT: number, toT: number): PodClock[] {
  const pods = run.of('fleet-pod').filter(({ phase, t }) => phase === 'running' && t <= toT)
  const lost = new Map(
    run.of('fleet-pod').flatMap(({ pod, sinceT }) => (sinceT === undefined ? [] : [[pod, sinceT]])),
  )
  return pods.map(({ pod, t: runningT }) => {
    const compared = run.of('fleet-clock').filter((one) => one.pod === pod)
    const untilT = Math.min(toT, lost.get(pod) ?? Number.POSITIVE_INFINITY)
    const sinceT = Math.max(fromT, runningT)
    const moments = [sinceT, ...compared.map(({ t }) => t), untilT].filter((t) => t >= sinceT && t <= untilT)
    return { pod, errorMs: Math.max(0, ...moments.map((t) => errorAt(compared, t))) }
  })
}

function errorAt(compared: readonly FleetClockEvent[], t: number): number {
  const after = compared.findIndex((one) => one.t >= t)
  const at = after < 0 ? compared.length : after
  const near = compared.slice(Math.max(0, at - NEIGHBOURS), at + NEIGHBOURS)
  return Math.min(
    Number.POSITIVE_INFINITY,
    ...near.map((one) => Math.abs(one.aheadMs) + one.errorMs + (Math.abs(one.t - t) / 1e6) * DRIFT),
  )
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
