import type { HealthEvent } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import { lastAtOrBefore } from '../statistics/index.ts'
import { oncePerRun } from './once.ts'
import { longestPathStall } from './path-stall.ts'
import { SECOND } from './wording.ts'

/** The longest that a loop of any of weir's processes was late, as of a sample. */
export function loopDelayMaxMs({ loopDelayMaxMs, processes = [] }: HealthEvent): number {
  return Math.max(loopDelayMaxMs, ...processes.map((one) => one.loopDelayMaxMs))
}

/** What a stall held back is seen in the first moments after it: together, and as if it had happened then. */
export const STALL_REACH_NS = 3 * SECOND

/**
 * The longest that any of weir's processes (the embedded cluster is one), or the path to the cluster, may have made anything late within
 * [fromT, toT], in nanoseconds.
 */
export function worstStall(run: RunView, fromT: number, toT: number): number {
  let worst = longestPathStall(run, fromT, toT)
  const { t, delayNs } = loopDelays(run)
  for (let i = lastAtOrBefore(t, fromT - STALL_REACH_NS); i < t.length; i++) {
    if (i < 0 || t[i]! < fromT - STALL_REACH_NS) continue
    if (delayNs[i]! > worst) worst = delayNs[i]!
    if (t[i]! > toT) break
  }
  return worst
}

const loopDelays = oncePerRun((run: RunView) => {
  const samples = run.of('health')
  return {
    t: Float64Array.from(samples, (sample) => sample.t),
    delayNs: Float64Array.from(samples, (sample) => loopDelayMaxMs(sample) * 1e6),
  }
})

/**
 * How long something may have waited within [fromT, toT] in all, in nanoseconds: a connect goes through several of weir's processes, and
 * on a busy machine each of them waits for the CPU again and again, with no stall that is long by itself. Never less than `worstStall`.
 */
export function totalDelay(run: RunView, fromT: number, toT: number): number {
  let total = longestPathStall(run, fromT, toT)
  for (const sample of run.of('health')) {
    if (sample.t < fromT - STALL_REACH_NS) continue
    for (const { watchedMs = 0, lateMs = 0, ...waits } of sample.processes ?? [sample]) {
      const queuedMs = 'runQueueMs' in waits ? (waits.runQueueMs ?? 0) : 0
      total += Math.min(watchedMs, Math.max(lateMs, queuedMs)) * 1e6
    }
    if (sample.t > toT) break
  }
  return Math.max(total, worstStall(run, fromT, toT))
}

/** What a recorder may have been late by where nothing shows how it did: about a tick of evictions and a half. */
const UNSEEN_NS = 1.5 * SECOND

/**
 * How late the recorder itself may have been within [fromT, toT], in nanoseconds: as measured, or what it may have been where nothing
 * shows it.
 */
export function lateness(run: RunView, fromT: number, toT: number): number {
  return measuredLateness(run, fromT, toT) ?? UNSEEN_NS
}

/**
 * How late the recorder was, as far as the record shows; undefined when it does not. Of a recording that has no samples of its
 * recorder's health, the scrapes tell: when all nodes fell silent at once for half as long again as the interval, it stood still, and
 * what it wrote down next was late by up to that long.
 */
export function measuredLateness(run: RunView, fromT: number, toT: number): number | undefined {
  if (run.of('health').length > 0) return worstStall(run, fromT, toT)
  const { polls: scrapes = run.record.scrapes } = run.record
  const usual = 1.5 * run.parameters.scrapeIntervalSeconds * SECOND
  let longest: number | undefined
  for (let i = 1; i < scrapes.length; i++) {
    const [before, after] = [scrapes[i - 1]!.t, scrapes[i]!.t]
    if (after < fromT || before > toT) continue
    longest = Math.max(longest ?? 0, after - before > usual ? after - before : 0)
  }
  return longest
}
