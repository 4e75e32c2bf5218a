import type { RunView } from '#weir/record/view/index.ts'
import { momentsOf } from './text/time.ts'

/** Notes above the verdict: those of the run, how it was cut short, and damaged files. */
export function warningsOf(run: RunView): string[] {
  const { manifest, damage } = run.record
  const moment = momentsOf(run)
  const warnings = [...manifest.notes]
  if (!manifest.end) warnings.push(`The run was killed; its record ends at ${moment(run.moments.end)}.`)
  else if (manifest.end.how !== 'completed')
    warnings.push(
      `The run ${manifest.end.how === 'failed' ? 'failed' : 'was interrupted'} at ${moment(manifest.end.t)}${manifest.end.reason ? `: ${manifest.end.reason}` : '.'}`,
    )
  for (const { file, what } of damage) warnings.push(`${file}: ${what}`)
  return warnings
}
