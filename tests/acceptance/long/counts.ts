import { describe, type WeirRun } from '../weir.ts'

/** What the runs or cases of a part came to. */
export interface Counts {
  pass: number
  inconclusive: number
  fail: number
  /** What was not as it must be. */
  wrong: string[]
}

export const none = (): Counts => ({ pass: 0, inconclusive: 0, fail: 0, wrong: [] })

/** Counts a run by its verdict, tells of it, and notes one that is not as it must be. */
export function countRun(
  run: WeirRun,
  what: string,
  counts: Counts,
  isRight: (run: WeirRun) => boolean,
): void {
  counts[run.verdict.outcome]++
  console.log(`  ${what}: ${run.verdict.outcome}, ${run.ids('pass').length} held`)
  if (!isRight(run)) counts.wrong.push(`${what}: ${run.verdict.outcome}\n${describe(run)}`)
}
