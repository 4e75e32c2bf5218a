import type { RunView } from '#weir/record/view/index.ts'

/** The longest that the harness may have seen anything late within [fromT, toT], in nanoseconds. */
export function worstStall(run: RunView, fromT: number, toT: number): number {
  let worst = 0
  for (const sample of run.of('health')) {
    if (sample.t < fromT) continue
    worst = Math.max(worst, sample.loopDelayMaxMs * 1e6)
    if (sample.t > toT) break
  }
  return worst
}
