import { appendFile } from 'node:fs/promises'
import { messageOf } from '#weir/errors/index.ts'
import type { Output } from '../output.ts'

/** GitHub Actions shows this file on the job's page. A failure to write it must not change the verdict. */
export async function appendStepSummary(summary: string, output: Output): Promise<void> {
  const file = output.env.GITHUB_STEP_SUMMARY
  if (!file) return
  try {
    await appendFile(file, `${summary}\n`)
  } catch (error) {
    output.note(`weir: $GITHUB_STEP_SUMMARY (${file}) cannot be written: ${messageOf(error)}`)
  }
}
