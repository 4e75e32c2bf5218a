import { appendFileSync, readdirSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { theilSenSlope } from '#weir/assertions/statistics/index.ts'

const EVERY_MS = 10_000
/** Caches fill and code is compiled in the first minutes. */
export const WARM_UP_SECONDS = 600
/** A slope over fewer says nothing. */
const LEAST_SAMPLES = 8

export interface Sample {
  seconds: number
  /** Between two episodes: no client and no cluster is there. */
  atRest: boolean
  /** Resident memory of this process, in which the fleet and the harness run. */
  rssMiB: number
  heapMiB: number
  /** Open descriptors; null where the system does not say. */
  descriptors: number | null
}

/** Per hour, over the samples at rest after the first ten minutes; null while those are too few. */
export interface Slopes {
  overSeconds: number
  rssMiBPerHour: number | null
  heapMiBPerHour: number | null
  descriptorsPerHour: number | null
}

export interface Soak {
  /** An episode has ended: what is held now is held for ever. */
  rested(): void
  slopes(): Slopes
  stop(): void
}

/** Samples memory and descriptors of this process into a file, a line each: every ten seconds, and between episodes. */
export function startSoak(file: string): Soak {
  const startMs = performance.now()
  const samples: Sample[] = []
  const take = (atRest: boolean) => {
    if (atRest) collectGarbage()
    const { rss, heapUsed } = process.memoryUsage()
    const sample = {
      seconds: Math.round((performance.now() - startMs) / 1000),
      atRest,
      rssMiB: mebibytes(rss),
      heapMiB: mebibytes(heapUsed),
      descriptors: openDescriptors(),
    }
    samples.push(sample)
    try {
      appendFileSync(file, `${JSON.stringify(sample)}\n`)
    } catch {
      // The slopes are of what is in memory: a disk that is full costs the file alone, and ends the next run in a line.
    }
  }
  take(true)
  const timer = setInterval(() => take(false), EVERY_MS)
  return { rested: () => take(true), slopes: () => slopesOf(samples), stop: () => clearInterval(timer) }
}

/** What nobody holds any more would hide a slope of what is held: it comes and goes by a hundred MiB. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect === 'function') collect()
}

/** Pure. */
export function slopesOf(samples: readonly Sample[]): Slopes {
  const warm = samples.filter(({ seconds, atRest }) => atRest && seconds >= WARM_UP_SECONDS)
  const overSeconds = warm.length > 0 ? warm.at(-1)!.seconds - warm[0]!.seconds : 0
  const slope = (of: (sample: Sample) => number | null): number | null => {
    const known = warm.filter((sample) => of(sample) !== null)
    if (known.length < LEAST_SAMPLES) return null
    const perSecond = theilSenSlope(
      known.map(({ seconds }) => seconds),
      known.map((sample) => of(sample)!),
    )
    return Math.round(perSecond * 3600 * 100) / 100
  }
  return {
    overSeconds,
    rssMiBPerHour: slope(({ rssMiB }) => rssMiB),
    heapMiBPerHour: slope(({ heapMiB }) => heapMiB),
    descriptorsPerHour: slope(({ descriptors }) => descriptors),
  }
}

const mebibytes = (bytes: number): number => Math.round((bytes / 2 ** 20) * 10) / 10

function openDescriptors(): number | null {
  try {
    // The folder is one of them while it is read.
    return readdirSync('/proc/self/fd').length - 1
  } catch {
    return null
  }
}
