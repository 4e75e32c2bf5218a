import { readFile, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { exitCodeOf, judge, serializeVerdict } from '#weir/assertions/index.ts'
import { messageOf, WeirError } from '#weir/errors/index.ts'
import { inLanguage, LANGUAGES, language } from '#weir/facts/index.ts'
import { type RunRecord, readRecord } from '#weir/record/index.ts'
import { viewOf } from '#weir/record/view/index.ts'
import type { Report } from '#weir/reports/index.ts'

export const VERDICT_FILE = 'verdict.json'

/** A record as read from disk, with its verdict. */
export interface Judged extends Report {
  dir: string
  verdictText: string
  exitCode: number
}

export async function judgeRecord(dir: string): Promise<Judged> {
  return judged(dir, await readRecord(dir))
}

function judged(dir: string, record: RunRecord): Judged {
  const verdict = judge(record)
  return {
    dir,
    folder: basename(resolve(dir)),
    run: viewOf(record),
    verdict,
    verdictText: serializeVerdict(verdict),
    exitCode: exitCodeOf(verdict, record.manifest.end),
  }
}

/** Whether a stored verdict is the same in another language. Judges again in each. */
export const isSameInAnother = ({ run }: Judged, stored: string): boolean =>
  LANGUAGES.some(
    (other) =>
      other !== language() && inLanguage(other, () => serializeVerdict(judge(run.record))) === stored,
  )

/** The verdict stored in a record folder, or undefined when there is none. */
export async function storedVerdict(dir: string): Promise<string | undefined> {
  try {
    return await readFile(join(dir, VERDICT_FILE), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new WeirError(
      'WEIR_RECORD_DAMAGED',
      `${join(dir, VERDICT_FILE)} cannot be read: ${messageOf(error)}`,
      { cause: error },
    )
  }
}

/** Writes a requested file. Throws WEIR_DISK, e.g. on a full or read-only disk. */
export async function writeResult(path: string, content: string): Promise<void> {
  try {
    await writeFile(path, content)
  } catch (error) {
    throw new WeirError(
      'WEIR_DISK',
      `${path} cannot be written (${messageOf(error)}): name another place with --out`,
      { cause: error },
    )
  }
}
