import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { EXIT } from '#weir/errors/index.ts'
import { BASES, type Episode, episodes, whole as wholeEpisode } from '#weir/explore/index.ts'
import { loadScenario } from '#weir/scenarios/index.ts'
import { refuseForeignFaults } from '../fault-option.ts'
import { writeResult } from '../judge-record.ts'
import type { Output } from '../output.ts'
import { jsonText, quieted } from '../output-options.ts'
import { claimOutDir, refuseUsedOutDir } from '../run/out-dir.ts'
import { asItFailed, found } from './found.ts'
import { longerOf } from './longest-step.ts'
import { type ExploreFlags, type Limits, limitsOf } from './options.ts'
import {
  decidedRun,
  type EpisodeRun,
  ExploreInterrupted,
  type Making,
  withoutProgress,
} from './run-episode.ts'
import { startSoak } from './soak.ts'
import { type Explored, episodeLine, headlineOf } from './tell.ts'

/** Runs episodes until the limits, or one fails; then finds the smallest that does. Where it keeps going, that is the first that failed. */
export async function explored(flags: ExploreFlags, whole: Output): Promise<number> {
  const output = quieted({ json: flags.json }, whole)
  refuseUsedOutDir(flags.out)
  const limits = limitsOf(flags)
  const { seed, dialect, clients, fault } = flags
  await refuseForeignFaults(loadScenario(BASES[dialect]), fault)
  const dir = flags.out ?? claimOutDir(`explore-${dialect}`, new Date())
  mkdirSync(dir, { recursive: true })
  const origin = `Exploration of ${dialect} with seed ${seed}${fault.length > 0 ? ` and the fault ${fault.join(', ')}` : ''}`
  const making: Making = { dir, clients, seed, fault, origin, silent: withoutProgress(output) }
  const soak = startSoak(join(dir, 'soak.ndjson'))
  const book: Explored = {
    dialect,
    seed,
    steps: 0,
    episodes: 0,
    seconds: 0,
    outcomes: {},
    deviations: [],
  }
  const tell = async () => {
    const known = { ...book, slopes: soak.slopes() }
    await writeResult(join(dir, 'explore.json'), `${jsonText(known)}\n`)
    if (flags.json) output.print(jsonText(known))
    else output.print(`\n${headlineOf(known)}\n  ${dir}`)
  }
  try {
    const failing = await walk(making, dialect, limits, book, (line) => {
      soak.rested()
      output.progress(line)
    })
    if (failing) {
      const { episode, run } = failing
      // Known at once: whoever ends the shrinking has it all the same.
      book.failure = await asItFailed(episode, run, making)
      if (flags.shrink) book.failure = await found(episode, run, making, output)
    }
    await tell()
  } catch (error) {
    if (book.episodes > 0) await tell()
    if (error instanceof ExploreInterrupted) return EXIT.interrupted
    throw error
  } finally {
    soak.stop()
  }
  if (book.failure) return EXIT.fail
  return book.outcomes.inconclusive ? EXIT.inconclusive : EXIT.pass
}

interface Failing {
  episode: Episode
  run: EpisodeRun
}

async function walk(
  making: Making,
  dialect: Episode['dialect'],
  limits: Limits,
  book: Explored,
  onEpisode: (line: string) => void,
): Promise<Failing | undefined> {
  const startMs = performance.now()
  const seconds = () => (performance.now() - startMs) / 1000
  let first: Failing | undefined
  for (const drawn of episodes(dialect, making.seed)) {
    const left = limits.steps - book.steps
    const episode = (drawn.steps.length > left && wholeEpisode(dialect, drawn.steps.slice(0, left))) || drawn
    const run = await decidedRun(episode, `episode-${String(book.episodes + 1).padStart(3, '0')}`, making)
    book.episodes++
    book.steps += episode.steps.length
    book.seconds = Math.round(seconds())
    book.outcomes[run.outcome] = (book.outcomes[run.outcome] ?? 0) + 1
    book.longest = longerOf(book.longest, run.longest)
    if (run.outcome === 'known') book.deviations = [...new Set([...book.deviations, ...run.why.split(', ')])]
    onEpisode(episodeLine(episode, run, book))
    if (run.outcome === 'fail') first ??= { episode, run }
    const isOver = book.steps >= limits.steps || seconds() >= limits.seconds
    if (isOver || (first && !limits.keepsGoing)) break
  }
  return first
}
