import { renderTerminal } from '#weir/reports/index.ts'
import type { Output } from '../output.ts'
import type { JudgedRun } from './judged-after.ts'
import { writeReports } from './write-reports.ts'

/** Writes the reports of a run, shows its verdict, and gives the exit code. Throws what kept the run from being made. */
export async function tellVerdict({ judged, failure }: JudgedRun, output: Output): Promise<number> {
  const files = await writeReports(judged, output)
  output.print(renderTerminal(judged, output))
  for (const file of files) output.print(`  ${file}`)
  if (failure !== undefined) throw failure
  return judged.exitCode
}
