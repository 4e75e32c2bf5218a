import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf, usageError } from '#weir/errors/index.ts'
import { FIGURE_IDS, type FigureId } from '#weir/facts/index.ts'
import { RECORD_FILES, readManifest } from '#weir/record/index.ts'
import { storedVerdict } from '../judge-record.ts'
import { SERVE_TEXTS as texts } from './texts.ts'

export type RunState = 'pass' | 'fail' | 'inconclusive' | 'under way' | 'ended' | 'not judged' | 'broken'

/** A folder of runs/. */
export interface ListedRun {
  name: string
  state: RunState
  /** The headline of the verdict, or why there is none. */
  words: string
  scenario?: string
  startedUnixMs?: number
  figures: Partial<Record<FigureId, number>>
}

/** A record writes every half second, and samples come every few. */
const QUIET_MS = 15_000

const OUTCOMES: readonly unknown[] = ['pass', 'fail', 'inconclusive']

/** The folders of a folder; links are left out. Throws WEIR_USAGE. */
export async function runFolders(folder: string): Promise<string[]> {
  let entries: Dirent[]
  try {
    entries = await readdir(folder, { withFileTypes: true })
  } catch (error) {
    throw usageError(`${folder} cannot be listed (${messageOf(error)}): name the folder with the records`)
  }
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
}

/** The runs in a folder, the newest first, those that cannot be read last. */
export async function listRuns(folder: string): Promise<ListedRun[]> {
  const names = await runFolders(folder)
  const runs = await Promise.all(names.map((name) => listedRun(folder, name)))
  return runs.sort((a, b) => (b.startedUnixMs ?? 0) - (a.startedUnixMs ?? 0) || (a.name < b.name ? 1 : -1))
}

/** One of the folders that `runFolders` gave. */
export async function listedRun(folder: string, name: string): Promise<ListedRun> {
  const dir = join(folder, name)
  let known: Pick<ListedRun, 'scenario' | 'startedUnixMs'> = {}
  try {
    const { scenario, clock, end } = await readManifest(dir)
    known = { scenario: scenario.name, startedUnixMs: clock.anchorUnixMs }
    const text = await storedVerdict(dir)
    if (text !== undefined) return { name, ...known, ...verdictOf(text) }
    const { mtimeMs } = await stat(join(dir, RECORD_FILES.events))
    const isQuiet = Date.now() - mtimeMs >= QUIET_MS
    return { name, ...known, figures: {}, ...withoutVerdict(end !== undefined, isQuiet) }
  } catch (error) {
    return { name, ...known, state: 'broken', words: messageOf(error), figures: {} }
  }
}

function withoutVerdict(hasEnded: boolean, isQuiet: boolean): Pick<ListedRun, 'state' | 'words'> {
  if (!isQuiet)
    return hasEnded ? { state: 'ended', words: texts.judging } : { state: 'under way', words: texts.goesOn }
  const why = hasEnded ? '' : texts.silent(QUIET_MS / 1000)
  return { state: 'not judged', words: why + texts.noVerdict }
}

function verdictOf(text: string): Pick<ListedRun, 'state' | 'words' | 'figures'> {
  const { outcome, headline, figures } = JSON.parse(text) as Record<string, unknown>
  if (!OUTCOMES.includes(outcome) || typeof headline !== 'string')
    throw new Error('verdict.json is no verdict')
  const all = (figures ?? {}) as Partial<Record<FigureId, { value?: unknown }>>
  const values = FIGURE_IDS.flatMap((id) => {
    const value = all[id]?.value
    return typeof value === 'number' ? [[id, value] as const] : []
  })
  return { state: outcome as RunState, words: headline, figures: Object.fromEntries(values) }
}
