import { EXIT } from '#weir/errors/index.ts'
import type { Manifest } from '#weir/facts/index.ts'
import { deviatesOtherwise } from '../deviations/index.ts'
import type { Verdict } from './verdict.ts'

/**
 * The exit code of a judged run. An interrupted run gives 130 whatever its verdict; a run that lists known
 * deviations is as good as its match: 0 when it deviates exactly so, 1 when it does not, 3 when that stays open.
 */
export function exitCodeOf(verdict: Verdict, end: Manifest['end']): number {
  if (end?.how === 'interrupted') return EXIT.interrupted
  if (verdict.deviations?.asExpected) return EXIT.pass
  if (verdict.deviations) return deviatesOtherwise(verdict) ? EXIT.fail : EXIT.inconclusive
  if (verdict.outcome === 'fail') return EXIT.fail
  if (verdict.outcome === 'inconclusive' || end?.how === 'failed') return EXIT.inconclusive
  return EXIT.pass
}
