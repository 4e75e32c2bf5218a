import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { FIGURES, type FigureId, type Figures } from '#weir/facts/index.ts'
import type { Scenario } from '#weir/scenarios/types.ts'
import { type SearchLimits, type SearchResult, searchEdge, type Trial } from '#weir/search/index.ts'
import { writeResult } from '../judge-record.ts'
import type { Output } from '../output.ts'
import { type RunRequest, runAndJudge } from '../run/run-and-judge.ts'
import { writeReports } from '../run/tell-verdict.ts'
import { type Target, trialOf } from './targets.ts'
import { runWith, type Varied } from './vary.ts'

/** One run of a search. */
export interface RunTrial extends Trial {
  /** Folder of its record. */
  record: string
  figures: Record<FigureId, number | null>
}

export interface SearchRequest {
  scenario: Scenario
  run: RunRequest
  vary: Varied
  limits: SearchLimits
  targets: readonly Target[]
  /** On a cluster of one's own: what it runs, and what it goes to and fro between. */
  versions: readonly [string, string] | undefined
  /** Folder of all records. */
  dir: string
}

/** The user ended it. */
export class SearchInterrupted extends Error {}

/** Makes the runs of a search one after the other, keeps every record with its reports, and tells a line of each. `onTrial` gets what is known after each. */
export async function runSearch(
  { scenario, run, vary, limits, targets, versions, dir }: SearchRequest,
  output: Output,
  onTrial: (soFar: SearchResult<RunTrial>) => void,
): Promise<SearchResult<RunTrial>> {
  let number = 0
  const tryAt = async (value: number): Promise<RunTrial> => {
    number++
    const record = join(dir, `${String(number).padStart(2, '0')}-${vary}-${value}`)
    output.progress(`weir: run ${number}: ${vary} ${value}`)
    mkdirSync(dir, { recursive: true })
    const asked = runWith(run, vary, scenario, value)
    const request = { ...asked, to: versions?.[number % 2], seed: run.seed + number - 1, out: record }
    const { judged, failure } = await runAndJudge(request, output)
    await writeReports(judged, output)
    if (judged.run.record.manifest.end?.how === 'interrupted') throw new SearchInterrupted()
    if (failure !== undefined) throw failure
    const isWhole = judged.run.record.manifest.end?.how === 'completed'
    const trial = {
      ...trialOf(judged.verdict, targets, isWhole),
      record,
      figures: valuesOf(judged.verdict.figures),
    }
    output.progress(`weir: ${vary} ${value}: ${trial.outcome}${trial.why && `: ${trial.why}`}`)
    return trial
  }
  return searchEdge(limits, tryAt, undefined, onTrial)
}

const valuesOf = (figures: Figures): RunTrial['figures'] =>
  Object.fromEntries(
    Object.keys(FIGURES).map((id) => [id, figures[id as FigureId].value]),
  ) as RunTrial['figures']

/** Writes what the search came to beside the records. */
export const writeSearch = (dir: string, json: string, page: string): Promise<unknown> =>
  Promise.all([
    writeResult(join(dir, 'search.json'), `${json}\n`),
    writeResult(join(dir, 'search.html'), page),
  ])
