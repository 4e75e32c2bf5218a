import { evictionTickOf } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import { type Burst, tightestBurst } from '../statistics/index.ts'
import { oncePerRun } from './once.ts'

/** A tick of an evacuation, as the node itself logged it. */
export interface LoggedTick {
  /** When weir got the line. */
  t: number
  /** By the node's own clock, in nanoseconds of the run's: compare it with times of the same node only. */
  ownT: number
  /** Clients that were connected before the tick. */
  count: number
  /** conn_evict_rate, as the line says. */
  rate: number
}

/** What one node logged of its evacuation, in order. */
export interface LoggedDrain {
  node: number
  ticks: LoggedTick[]
}

/** The evictions of this change by EMQX's own logs (docs/contract/emqx.md#logs). Empty where the record has no logs, or they say nothing. */
export const loggedDrains = oncePerRun(drainsOf)

function drainsOf(run: RunView): LoggedDrain[] {
  const { trigger } = run.moments
  const { logs = [], manifest } = run.record
  const drains = new Map<number, LoggedTick[]>()
  for (const row of logs) {
    if (row.type !== 'line' || trigger === undefined || row.t < trigger) continue
    const tick = evictionTickOf(row.text)
    if (tick === undefined) continue
    const node = run.nodeOfPodAt(row.pod, row.t)
    if (node === -1) continue
    const ownT = (tick.unixMs - manifest.clock.anchorUnixMs) * 1e6
    const ticks = drains.get(node) ?? []
    drains.set(node, ticks)
    ticks.push({ t: row.t, ownT, count: tick.count, rate: tick.rate })
  }
  return [...drains].map(([node, ticks]) => ({ node, ticks }))
}

/** Whether the node's clock was set back between its ticks: then neither its times nor those of the record say how fast clients went. */
export const isSetBack = ({ ticks }: LoggedDrain): boolean =>
  ticks.some(({ ownT }, i) => i > 0 && ownT < ticks[i - 1]!.ownT)

/**
 * The tightest burst of what a drain lost from tick to tick, each at the time of the tick that evicted it. What the last one evicted no
 * line says. Undefined where the clock was set back: lines may come together, so the times at which weir got them are no measure.
 */
export function burstOf(drain: LoggedDrain, ratePerSecond: number): Burst | undefined {
  if (isSetBack(drain)) return undefined
  const { ticks } = drain
  const lost: number[] = []
  for (let i = 0; i + 1 < ticks.length; i++) {
    const gone = Math.max(0, ticks[i]!.count - ticks[i + 1]!.count)
    for (let k = 0; k < gone; k++) lost.push(ticks[i]!.ownT)
  }
  return tightestBurst(lost, ratePerSecond)
}

/** Whether lines of this pod may be missing, or were left out, as the record says. */
export const hasGaps = (run: RunView, pod: string): boolean =>
  (run.record.logs ?? []).some((row) => row.pod === pod && (row.type === 'gap' || row.type === 'omitted'))
