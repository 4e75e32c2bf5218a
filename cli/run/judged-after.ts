import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { RECORD_FILES } from '#weir/record/index.ts'
import { type Judged, judgeRecord } from '../judge-record.ts'
import { claimOutDir, releaseOutDir } from './out-dir.ts'

export interface JudgedRun {
  judged: Judged
  /** Why the run did not complete: the environment, or a defect. Not a verdict. */
  failure?: unknown
}

/** Where a run's record goes: `out`, or a new folder named after the scenario. */
export interface Place {
  out: string | undefined
  scenario: string
}

/**
 * Makes a run and judges the record on disk: the same bytes that "weir check" reads. If the run fails, its record is judged all the
 * same; without a record the failure is thrown.
 */
export async function judgedAfter(
  { out, scenario }: Place,
  makeRun: (dir: string) => Promise<unknown>,
): Promise<JudgedRun> {
  const dir = out ?? claimOutDir(scenario, new Date())
  const recordThere = () => existsSync(join(dir, RECORD_FILES.manifest))
  // A record that existed before belongs to another run, and is not judged as this one's.
  const isAnothers = recordThere()
  let failure: unknown
  try {
    await makeRun(dir)
  } catch (error) {
    failure = error
  }
  if (failure !== undefined && (isAnothers || !recordThere())) {
    if (out === undefined) releaseOutDir(dir)
    throw failure
  }
  return { judged: await judgeRecord(dir), failure }
}
