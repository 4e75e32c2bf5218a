import type { Episode } from '#weir/explore/index.ts'
import type { Failure } from './found.ts'
import type { LongestStep } from './longest-step.ts'
import type { EpisodeRun } from './run-episode.ts'
import type { Slopes } from './soak.ts'

/** What an exploration came to so far. */
export interface Explored {
  dialect: Episode['dialect']
  seed: number
  steps: number
  episodes: number
  seconds: number
  outcomes: Partial<Record<EpisodeRun['outcome'], number>>
  /** Known deviations that were seen. */
  deviations: string[]
  longest?: LongestStep | undefined
  failure?: Failure
}

export const episodeLine = ({ steps }: Episode, run: EpisodeRun, book: Explored): string =>
  `weir: episode ${book.episodes}: ${steps.map(({ kind }) => kind).join(', ')}: ${run.outcome}${run.ids.length > 0 ? ` (${run.ids.join(', ')})` : ''}${run.why && `: ${run.why}`}`

/** A few lines. */
export function headlineOf(explored: Explored & { slopes: Slopes }): string {
  const { dialect, seed, steps, episodes, seconds, outcomes, deviations, failure, longest, slopes } = explored
  const counts = Object.entries(outcomes).map(([outcome, count]) => `${count} ${outcome}`)
  const lines = [
    `${dialect}, seed ${seed}: ${steps} steps in ${counted(episodes, 'episode')}, ${counted(Math.round(seconds / 60), 'minute')}: ${counts.join(', ') || 'none was judged'}.${longest ? ` The longest step, ${longest.kind}, took ${longest.seconds.toFixed(1)} s.` : ''}`,
  ]
  if (deviations.length > 0) lines.push(`Known deviations of released operators: ${deviations.join(', ')}.`)
  lines.push(slopesLine(slopes))
  if (failure)
    lines.push(
      `FAIL ${failure.ids.join(', ')}: ${failure.why}`,
      `${failure.steps} steps are left of the episode, which fail in ${failure.failed} of ${failure.runs} runs: ${failure.file}`,
      '',
      failure.text,
    )
  return lines.join('\n')
}

function slopesLine({ overSeconds, rssMiBPerHour, heapMiBPerHour, descriptorsPerHour }: Slopes): string {
  if (rssMiBPerHour === null)
    return 'Memory and descriptors: too little time after the first ten minutes to show a slope.'
  const descriptors = descriptorsPerHour === null ? 'unknown' : `${signed(descriptorsPerHour)} an hour`
  return `Over the ${Math.round(overSeconds / 60)} minutes after the first ten: resident memory ${signed(rssMiBPerHour)} MiB an hour, heap ${signed(heapMiBPerHour ?? 0)} MiB an hour, descriptors ${descriptors}.`
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

const signed = (value: number): string => `${value >= 0 ? '+' : ''}${value}`
