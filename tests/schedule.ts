/** Which test files run when. Most wait for clusters and brokers rather than for a processor; some only compute. */
import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { projectFile } from './support/project-file.ts'

const CORES = availableParallelism()
const SAMPLE_MS = 1000
/** With more of the processors' time unused, one more file may run. */
const SPARE_SHARE = 0.3

/** Files that only compute. They run at a low priority, in the time that the others leave. */
const COMPUTING = ['tests/simulator/', 'tests/record/fuzz', 'tests/assertions/']

export const onlyComputes = (file: string): boolean => COMPUTING.some((part) => file.startsWith(part))

/** How many files run at once: so many always, so many while there is processor time to spare. */
export interface Lanes {
  least: number
  most: number
}

export const WAITING: Lanes = { least: CORES + 1, most: 3 * CORES }
export const COMPUTERS: Lanes = { least: CORES, most: CORES }

/** Runs every file, in their order. */
export async function runInLanes(
  files: readonly string[],
  run: (file: string) => Promise<void>,
  { least, most }: Lanes,
): Promise<void> {
  const running = new Set<Promise<void>>()
  for (const file of files) {
    while (running.size >= least) {
      const ended = Promise.race(running)
      if (running.size >= most) await ended
      else if (await isSpare(ended)) break
    }
    const one = run(file).finally(() => running.delete(one))
    running.add(one)
  }
  await Promise.all(running)
}

/** Whether processors are idle, or busy with low priority, for a while in which no file ends. */
async function isSpare(ended: Promise<void>): Promise<boolean> {
  const before = processorTimes()
  const isWhole = await Promise.race([pause(SAMPLE_MS, true), ended.then(() => false)])
  const after = processorTimes()
  return isWhole && (after.spare - before.spare) / (after.all - before.all) > SPARE_SHARE
}

function processorTimes(): { spare: number; all: number } {
  let spare = 0
  let all = 0
  for (const { times } of cpus()) {
    spare += times.idle + times.nice
    all += times.idle + times.nice + times.user + times.sys + times.irq
  }
  return { spare, all }
}

const DURATIONS = projectFile('tests/durations.json')
/** Shorter files are not listed: when they run makes no difference. */
const LISTED_SECONDS = 3

/** A long file that begins last would run alone. Files that are not listed run last, in the order of their names. */
export function longestFirst(files: readonly string[]): string[] {
  const seconds = JSON.parse(readFileSync(DURATIONS, 'utf8')) as Record<string, number>
  return files.toSorted().sort((a, b) => (seconds[b] ?? 0) - (seconds[a] ?? 0))
}

export function writeDurations(results: readonly { file: string; seconds: number }[]): void {
  const listed = results
    .filter(({ seconds }) => seconds >= LISTED_SECONDS)
    .sort((a, b) => b.seconds - a.seconds)
    .map(({ file, seconds }) => [file, Math.round(seconds)])
  writeFileSync(DURATIONS, `${JSON.stringify(Object.fromEntries(listed), null, 2)}\n`)
}
