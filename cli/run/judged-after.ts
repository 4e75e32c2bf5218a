import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { RECORD_FILES } from '#weir/record/index.ts'
import { type Judged, judgeRecord } from '../judge-record.ts'
import { claimOutDir, releaseOutDir } from './out-dir.ts'

export interface JudgedRun {
  judged: Judged
  /** What kept the run from being made: the environment, or a defect. Not a verdict. */
  failure?: unknown
}

/** Where a run's record goes: the folder that the user named, or one of its own named after the scenario. */
export interface Place {
  out: string | undefined
  scenario: string
}

/**
 * Makes a run and judges what stands on disk afterwards: the same bytes that "weir check" will read. When the run fails
 * but leaves a record, the record is judged all the same; when it leaves none, the failure is thrown.
 */
export async function judgedAfter(
  { out, scenario }: Place,
  makeRun: (dir: string) => Promise<void>,
): Promise<JudgedRun> {
  const dir = out ?? claimOutDir(scenario, new Date())
  const recordThere = () => existsSync(join(dir, RECORD_FILES.manifest))
  // A record that stood there before the run is another run's: it is not judged as this one's.
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
  return { judged: await judgeRecord(dir), ...(failure !== undefined && { failure }) }
}
