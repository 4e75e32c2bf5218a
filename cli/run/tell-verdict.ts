import { join } from 'node:path'
import type { RunSet } from '#weir/gate/index.ts'
import { renderAnnotations, renderHtml, renderJunit, renderMarkdown } from '#weir/reports/index.ts'
import { type Judged, VERDICT_FILE, writeResult } from '../judge-record.ts'
import type { Output } from '../output.ts'
import type { JudgedRun } from './judged-after.ts'
import type { ShowVerdict } from './show-verdict.ts'
import { appendStepSummary } from './step-summary.ts'

/** Writes the reports of a run, shows its verdict, and gives the exit code. Throws what kept the run from being made. */
export async function tellVerdict(
  { judged, failure }: JudgedRun,
  output: Output,
  show: ShowVerdict,
  baseline?: RunSet,
): Promise<number> {
  const files = await writeReports(judged, output, baseline)
  show(judged, files)
  if (output.env.GITHUB_ACTIONS === 'true') for (const line of renderAnnotations(judged)) output.note(line)
  if (failure !== undefined) throw failure
  return judged.exitCode
}

/** Writes verdict and reports into the record, the verdict first: a full disk must not cost it. */
export async function writeReports(judged: Judged, output: Output, baseline?: RunSet): Promise<string[]> {
  const summary = renderMarkdown(judged)
  const files: [name: string, content: string][] = [
    [VERDICT_FILE, judged.verdictText],
    ['report.html', renderHtml({ ...judged, ...(baseline && { baseline }) })],
    ['junit.xml', renderJunit(judged)],
    ['summary.md', summary],
  ]
  for (const [name, content] of files) await writeResult(join(judged.dir, name), content)
  await appendStepSummary(summary, output)
  return files.map(([name]) => join(judged.dir, name))
}
