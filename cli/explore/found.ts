import { join } from 'node:path'
import { type Episode, shrink } from '#weir/explore/index.ts'
import { writeResult } from '../judge-record.ts'
import type { Output } from '../output.ts'
import { decidedRun, type EpisodeRun, fileOf, type Making } from './run-episode.ts'

/** Runs that shrinking may take, and those that show how surely what is left fails. */
const SHRINKING_RUNS = 16
const CONFIRMING_RUNS = 3

/** The smallest sequence that was seen to fail. */
export interface Failure {
  /** The scenario file that "weir run" takes. */
  file: string
  text: string
  /** What failed, and the first of it in one line. */
  ids: string[]
  why: string
  steps: number
  /** How many of its runs failed. */
  failed: number
  runs: number
}

/** Shrinks a failing episode, runs what is left three times, and writes it as a scenario. Where that is not sure to fail, the whole one may be. */
export async function found(
  episode: Episode,
  run: EpisodeRun,
  making: Making,
  output: Output,
): Promise<Failure> {
  const isSame = ({ ids }: EpisodeRun) => ids.some((id) => run.ids.includes(id))
  let number = 0
  const smallest = await shrink(
    episode,
    async (candidate) => {
      const name = `shrunk-${String(++number).padStart(2, '0')}`
      const made = await decidedRun(candidate, name, making)
      output.progress(
        `weir: shrinking, run ${number}: ${candidate.steps.length} of ${episode.steps.length} steps: ${made.outcome}`,
      )
      return isSame(made)
    },
    SHRINKING_RUNS,
  )
  const seen = await confirmed(smallest, 'failing', isSame, making, output)
  const isSure = seen.failed === CONFIRMING_RUNS || smallest.steps.length === episode.steps.length
  const other = isSure ? undefined : await confirmed(episode, 'failing-whole', isSame, making, output)
  const best = other && other.failed > seen.failed ? other : seen
  const { file, text, failed } = best
  await writeResult(file, text)
  const { ids, why } = best.last ?? run
  return { file, text, ids, why, steps: best.episode.steps.length, failed, runs: CONFIRMING_RUNS }
}

/** The episode of the run that failed, and no other run. */
export async function asItFailed(episode: Episode, run: EpisodeRun, making: Making): Promise<Failure> {
  const [file, text] = [join(making.dir, 'failing.yaml'), fileOf(episode, 'failing', making)]
  await writeResult(file, text)
  return { file, text, ids: run.ids, why: run.why, steps: episode.steps.length, failed: 1, runs: 1 }
}

async function confirmed(
  episode: Episode,
  name: string,
  isSame: (run: EpisodeRun) => boolean,
  making: Making,
  output: Output,
) {
  let failed = 0
  let last: EpisodeRun | undefined
  for (let again = 1; again <= CONFIRMING_RUNS; again++) {
    const run = await decidedRun(episode, `${name}-run-${again}`, making)
    output.progress(`weir: ${name}, run ${again} of ${CONFIRMING_RUNS}: ${run.outcome}`)
    if (!isSame(run)) continue
    failed++
    last = run
  }
  return {
    episode,
    file: join(making.dir, `${name}.yaml`),
    text: fileOf(episode, name, making),
    failed,
    last,
  }
}
