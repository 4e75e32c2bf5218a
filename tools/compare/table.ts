import type { Measured } from './measure.ts'

type Figure = 'cpuSeconds' | 'residentMiB' | 'seconds' | 'microsecondsEach' | 'kibEach'

/** Peers by rounds of one workload. */
export type Rounds = ReadonlyMap<string, readonly Measured[]>

/**
 * The median of each peer, and its ratio to weir round by round: rounds are interleaved, so that what the machine did
 * meanwhile hits all alike, and only ratios of one round mean something.
 */
export function printTable(title: string, rounds: Rounds, figures: readonly Figure[]): void {
  process.stdout.write(`\n${title}\n`)
  const rows = [...rounds].map(([name, measured]) => {
    const failure = measured.find(({ failure: reason }) => reason !== undefined)?.failure
    const row: Record<string, string> = { peer: name }
    for (const figure of figures) {
      row[figure] = spread(measured.map((one) => one[figure]))
      row[`${figure}, × weir's`] = spread(ratios(measured, rounds.get('weir') ?? [], figure))
    }
    return failure === undefined ? row : { ...row, failure }
  })
  console.table(rows)
}

export function ratios(measured: readonly Measured[], weir: readonly Measured[], figure: Figure): number[] {
  return measured.flatMap((one, round) => {
    const [mine, theirs] = [weir[round]?.[figure], one[figure]]
    return mine && theirs !== undefined ? [theirs / mine] : []
  })
}

/** "median (lowest–highest)". */
export function spread(values: readonly (number | undefined)[]): string {
  const sorted = values.filter((value) => value !== undefined).sort((a, b) => a - b)
  if (sorted.length === 0) return '–'
  const middle = sorted[Math.floor(sorted.length / 2)]!
  return `${short(middle)} (${short(sorted[0]!)}–${short(sorted.at(-1)!)})`
}

const short = (value: number): string => value.toPrecision(3)
