import type { Verdict } from '#weir/assertions/verdict/verdict.ts'
import { WeirError } from '#weir/errors/index.ts'
import { FIGURE_IDS, type FigureId, type Manifest } from '#weir/facts/index.ts'
import type { FigureValues } from './compare.ts'
import { requireAlike, type Settings, settingsOf } from './settings.ts'
import { GATE_TEXTS as texts } from './texts.ts'

/** A run as far as a comparison reads it. */
export interface JudgedRun {
  /** Its folder, for messages. */
  name: string
  manifest: Manifest
  verdict: Pick<Verdict, 'figures' | 'findings'>
}

/** Runs of one kind, their figures together. */
export interface RunSet {
  settings: Settings
  /** Runs that count. */
  runs: number
  /** Runs that do not, each with its reason. */
  leftOut: string[]
  figures: FigureValues
}

/**
 * Takes runs together. One that did not end by itself, or whose own machine was too slow, says nothing of the cluster and is left out. Throws
 * WEIR_UNLIKE when they are of different settings, and where none is left.
 */
export function runSetOf(runs: readonly JudgedRun[]): RunSet {
  const counted: JudgedRun[] = []
  const leftOut: string[] = []
  let settings: Settings | undefined
  for (const run of runs) {
    const own = settingsOf(run.manifest)
    if (own && settings) requireAlike(settings, own, run.name)
    const why = unfit(run)
    if (why !== undefined || !own) leftOut.push(texts.leftOut({ run: run.name, why: why ?? texts.tooEarly }))
    else {
      settings ??= own
      counted.push(run)
    }
  }
  if (!settings)
    throw new WeirError('WEIR_UNLIKE', `no run can be compared: ${leftOut.join('; ') || 'none was named'}`)
  return { settings, runs: counted.length, leftOut, figures: valuesOf(counted) }
}

function unfit({ manifest, verdict }: JudgedRun): string | undefined {
  if (manifest.end?.how !== 'completed') return texts.ended[manifest.end?.how ?? 'killed']
  const health = verdict.findings.find(({ id }) => id === 'harness-healthy')
  return health && health.outcome !== 'pass' ? texts.tooSlow : undefined
}

const valuesOf = (runs: readonly JudgedRun[]): FigureValues =>
  Object.fromEntries(
    FIGURE_IDS.map(
      (id: FigureId) => [id, runs.flatMap(({ verdict }) => verdict.figures[id].value ?? [])] as const,
    ).filter(([, values]) => values.length > 0),
  )
