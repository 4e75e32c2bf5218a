import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '#weir/errors/index.ts'
import { renderHtml, renderJunit, renderMarkdown } from '#weir/reports/index.ts'
import { type Judged, VERDICT_FILE, writeResult } from '../judge-record.ts'
import type { Output } from '../output.ts'

/** Writes verdict and reports into the record, the verdict first: a full disk must not cost it. */
export async function writeReports(judged: Judged, output: Output): Promise<string[]> {
  const summary = renderMarkdown(judged)
  const files: [name: string, content: string][] = [
    [VERDICT_FILE, judged.verdictText],
    ['report.html', renderHtml(judged)],
    ['junit.xml', renderJunit(judged)],
    ['summary.md', summary],
  ]
  for (const [name, content] of files) await writeResult(join(judged.dir, name), content)
  await appendStepSummary(summary, output)
  return files.map(([name]) => join(judged.dir, name))
}

/** GitHub Actions shows this file on the job's page. A failure to write it must not change the verdict. */
async function appendStepSummary(summary: string, output: Output): Promise<void> {
  const file = output.env.GITHUB_STEP_SUMMARY
  if (!file) return
  try {
    await appendFile(file, `${summary}\n`)
  } catch (error) {
    output.note(`weir: $GITHUB_STEP_SUMMARY (${file}) cannot be written: ${messageOf(error)}`)
  }
}
