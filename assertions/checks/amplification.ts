import type { Check } from '../check.ts'
import { judgedSpan } from '../evidence/span.ts'
import { count } from '../evidence/wording.ts'
import { evidence, fail, pass, unknown } from '../verdict/finding.ts'

/** Refused clients try again: more attempts than evictions are load that the upgrade made by itself. */
export const amplification: Check<'amplification'> = (run, bounds) => {
  const bound = `at most ${bounds.perEviction} attempts per eviction`
  const { fromT, toT } = judgedSpan(run)
  const { spells } = run
  let returning = 0
  for (let i = 0; i < spells.length; i++)
    if (spells.from[i]! >= fromT && spells.from[i]! < toT && spells.away[i] === 0) returning++
  const attempts = run.attempts.length
  if (returning === 0)
    return unknown({
      bound,
      measured: 'no evictions',
      why: 'no client that comes back was evicted after the trigger',
      settle: 'a run in which a node is drained',
    })
  const ratio = attempts / returning
  const figures = { attempts, evictionsOfReturning: returning, perEviction: Number(ratio.toFixed(4)) }
  const parts = {
    bound,
    measured: `${ratio.toFixed(3)} attempts per eviction`,
    evidence: [evidence('clients.arrow', fromT, toT, 'attempts and evictions')],
    figures,
  }
  if (ratio <= bounds.perEviction)
    return pass({
      ...parts,
      sentence: `${count(attempts, 'attempt')} for ${count(returning, 'eviction')} of clients that come back.`,
    })
  let refusals = 0
  let failures = 0
  for (let i = 0; i < spells.length; i++) {
    if (spells.from[i]! < fromT) continue
    refusals += spells.refusals[i]!
    failures += spells.failures[i]!
  }
  return fail({
    ...parts,
    sentence: `${count(attempts, 'attempt')} for ${count(returning, 'eviction')}: ${count(refusals, 'attempt')} ended in a refusal and ${failures} without an answer, and were tried again.`,
    figures: { ...figures, refusals, failures },
  })
}
