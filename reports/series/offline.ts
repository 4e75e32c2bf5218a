import { knownUntil, lostPods, type RunView } from '#weir/record/view/index.ts'
import { bucketOf, type TimeAxis } from './axis.ts'

export interface OfflineSeries {
  /** For each bucket the most clients that were without a connection at once. */
  counts: number[]
  peak: number
  peakT: number
}

/** Clients that lost a connection and have no new one yet. Those that stay away by plan do not count, nor do those of a lost fleet pod. */
export function clientsOffline(run: RunView, axis: TimeAxis): OfflineSeries {
  const steps: { t: number; step: number }[] = []
  const { spells } = run
  const until = knownUntil(lostPods(run.record))
  for (let row = 0; row < spells.length; row++) {
    const knownT = until(spells.client[row]!)
    if (spells.away[row] || spells.from[row]! >= knownT) continue
    const to = Math.min(spells.to[row]!, knownT)
    steps.push({ t: spells.from[row]!, step: 1 })
    if (Number.isFinite(to)) steps.push({ t: to, step: -1 })
  }
  steps.sort((a, b) => a.t - b.t || a.step - b.step)
  return sweep(steps, axis)
}

function sweep(steps: readonly { t: number; step: number }[], axis: TimeAxis): OfflineSeries {
  const counts = new Array<number>(axis.count).fill(0)
  let level = 0
  let peak = 0
  let peakT = 0
  let next = 0
  for (let bucket = 0; bucket < axis.count; bucket++) {
    let highest = level
    while (next < steps.length && bucketOf(axis, steps[next]!.t) <= bucket) {
      level += steps[next]!.step
      if (level > highest) highest = level
      if (level > peak) {
        peak = level
        peakT = steps[next]!.t
      }
      next++
    }
    counts[bucket] = highest
  }
  return { counts, peak, peakT }
}
