import type { RunView } from '#weir/record/view/index.ts'
import { momentsOf } from './text/time.ts'
import { TEXTS } from './texts/index.ts'

const { warnings: texts } = TEXTS

/** Notes above the verdict: those of the run, how it was cut short, and damaged files. */
export function warningsOf(run: RunView): string[] {
  const { manifest, damage } = run.record
  const moment = momentsOf(run)
  const warnings = [...manifest.notes]
  if (!manifest.end) warnings.push(texts.killed(moment(run.moments.end)))
  else if (manifest.end.how !== 'completed')
    warnings.push(
      texts.cut({
        isFailure: manifest.end.how === 'failed',
        at: moment(manifest.end.t),
        reason: manifest.end.reason,
      }),
    )
  for (const { file, what } of damage) warnings.push(`${file}: ${what}`)
  return warnings
}
