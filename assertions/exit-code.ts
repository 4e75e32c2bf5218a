import { EXIT } from '#weir/errors/index.ts'
import type { Manifest } from '#weir/record/index.ts'
import type { Verdict } from './verdict.ts'

/**
 * The exit code of a judged run. A run that was interrupted says so (130) whatever its verdict; a run that lists known
 * deviations is as good as its match: 0 when it deviates exactly so, 1 when it does not.
 */
export function exitCodeOf(verdict: Verdict, end: Manifest['end']): number {
  if (end?.how === 'interrupted') return EXIT.interrupted
  if (verdict.deviations) return verdict.deviations.asExpected ? EXIT.pass : EXIT.fail
  if (verdict.outcome === 'fail') return EXIT.fail
  if (verdict.outcome === 'inconclusive' || end?.how === 'failed') return EXIT.inconclusive
  return EXIT.pass
}
