import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { type Episode, scenarioText } from '#weir/explore/index.ts'
import { visibleLine } from '#weir/reports/text/escape.ts'
import { type Judged, writeResult } from '../judge-record.ts'
import type { Output } from '../output.ts'
import { type RunRequest, runAndJudge } from '../run/run-and-judge.ts'
import { writeReports } from '../run/tell-verdict.ts'
import { type LongestStep, longestStep } from './longest-step.ts'

/** A step that did not end, among the ids of assertions that failed. */
const STEP = 'step'

/** What one run of an episode came to. */
export interface EpisodeRun {
  /** Known: all that failed is a known deviation of a released operator. */
  outcome: 'pass' | 'known' | 'fail' | 'inconclusive'
  /** Assertions that failed unexplained, and "step" for one that did not end. */
  ids: string[]
  /** The first of what is wrong, in one line; or the deviations. */
  why: string
  /** Folder of its record; that of a run that passed is removed. */
  record: string
  longest: LongestStep | undefined
}

/** The user ended it. */
export class ExploreInterrupted extends Error {}

export interface Making {
  dir: string
  clients: number
  seed: number
  fault: readonly string[]
  /** Whence an episode comes, for its file. */
  origin: string
  /** Where runs show themselves. */
  silent: Output
}

export const fileOf = (episode: Episode, name: string, { clients, origin, fault }: Making): string =>
  stringify(scenarioText(episode, { name, origin, clients, faults: fault }), { lineWidth: 0 })

/** An inconclusive run decides nothing and is made again, so often at most. */
const TRIES = 3

/** The last of as many runs as it takes to decide. Throws what `runEpisode` throws. */
export async function decidedRun(episode: Episode, name: string, making: Making): Promise<EpisodeRun> {
  let run = await runEpisode(episode, name, making)
  for (let again = 2; again <= TRIES && run.outcome === 'inconclusive'; again++)
    run = await runEpisode(episode, `${name}-${again}`, making)
  return run
}

/** Writes the episode as a scenario, runs that file as "weir run" does, and judges it. Throws ExploreInterrupted, and what kept it from being run. */
async function runEpisode(episode: Episode, name: string, making: Making): Promise<EpisodeRun> {
  const { dir, seed, silent } = making
  mkdirSync(dir, { recursive: true })
  const file = join(dir, `${name}.yaml`)
  await writeResult(file, fileOf(episode, name, making))
  const record = join(dir, name)
  const { judged, failure } = await runAndJudge(requestOf(file, record, seed), silent)
  if (judged.run.record.manifest.end?.how === 'interrupted') throw new ExploreInterrupted()
  if (failure !== undefined) throw failure
  const made = { ...outcomeOf(judged), record, longest: longestStep(judged, episode) }
  if (made.outcome === 'pass') {
    rmSync(record, { recursive: true, force: true })
    rmSync(file, { force: true })
  } else await writeReports(judged, silent)
  return made
}

/** Without progress; a busy machine is warned of before every run, and once is enough, whatever the figures. */
export function withoutProgress(output: Output): Output {
  const noted = new Set<string>()
  return {
    ...output,
    columns: output.columns,
    progress() {},
    note(text) {
      const words = text.replaceAll(/\d+(\.\d+)?/g, '')
      if (!noted.has(words)) output.note(text)
      noted.add(words)
    },
  }
}

const requestOf = (scenario: string, out: string, seed: number): RunRequest => ({
  ...{ scenario, out, seed, fault: [], set: [], bound: [], label: [] },
  ...{ fleet: 'process', scrape: true, yes: false },
})

/**
 * A run that fails and leaves something open fails: what is open does not take back what was seen. What a harness that did not keep up saw decides
 * nothing, unless no slowness explains it: steps come too late then, and find nothing where they look.
 */
export function outcomeOf({
  verdict,
  run,
}: Pick<Judged, 'verdict' | 'run'>): Omit<EpisodeRun, 'record' | 'longest'> {
  const { end } = run.record.manifest
  const { findings, deviations, headline } = verdict
  const isFit = findings.every(({ id, outcome }) => id !== 'harness-healthy' || outcome === 'pass')
  const isWhole = end?.how !== 'failed'
  const ids = findings
    .filter(({ outcome, deviation }) => outcome === 'fail' && deviation === undefined)
    .filter(({ despiteHarness }) => isFit || despiteHarness === true)
    .map(({ id }) => id)
  if (!isWhole && isFit) ids.unshift(STEP)
  const why = isWhole ? headline : (end.reason ?? headline)
  if (ids.length > 0) return { outcome: 'fail', ids, why: lineOf(why) }
  if (isFit && isWhole && deviations?.asExpected)
    return { outcome: 'known', ids, why: deviations.seen.join(', ') }
  if (isFit && isWhole && verdict.outcome === 'pass') return { outcome: 'pass', ids, why: '' }
  const open = findings.find(
    ({ id, outcome }) => outcome === 'inconclusive' && (isFit || id === 'harness-healthy'),
  )
  return { outcome: 'inconclusive', ids, why: lineOf(open ? `${open.id}: ${open.sentence}` : why) }
}

const lineOf = (text: string): string => visibleLine(text).replaceAll(/\s+/g, ' ')
