import type { Check } from '../check.ts'
import { retriesOf } from '../evidence/retries.ts'
import { judgedSpan } from '../evidence/span.ts'
import { MESSAGES } from '../messages/index.ts'
import { evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES.amplification
const { settle, shared } = MESSAGES

/** Refused clients retry: more attempts than evictions are load that the upgrade itself causes. */
export const amplification: Check<'amplification'> = (run, bounds) => {
  const { fromT, toT } = judgedSpan(run)
  const { spells } = run
  let returning = 0
  for (let i = 0; i < spells.length; i++)
    if (spells.from[i]! >= fromT && spells.from[i]! < toT && spells.away[i] === 0) returning++
  const attempts = run.attempts.length
  const retries = retriesOf(run)
  const chance = returning === 0 ? 0 : retries.mean + retries.spread(returning) / returning
  const most = bounds.perEviction + chance
  const bound = text.bound({ perEviction: Number(most.toFixed(2)) })
  if (returning === 0)
    return unknown({
      bound,
      measured: shared.noEvictions,
      why: shared.noReturn,
      settle: settle.drain,
    })
  const ratio = attempts / returning
  const figures = {
    attempts,
    evictionsOfReturning: returning,
    perEviction: Number(ratio.toFixed(4)),
    mostPerEviction: Number(most.toFixed(4)),
  }
  const parts = {
    bound,
    measured: text.measured({ ratio }),
    evidence: [evidence('clients.arrow', fromT, toT, text.seen)],
    figures,
  }
  if (ratio <= most) return pass({ ...parts, sentence: text.held({ attempts, evictions: returning }) })
  let refusals = 0
  let failures = 0
  for (let i = 0; i < spells.length; i++) {
    if (spells.from[i]! < fromT) continue
    refusals += spells.refusals[i]!
    failures += spells.failures[i]!
  }
  return fail({
    ...parts,
    sentence: text.exceeded({ attempts, evictions: returning, refusals, failures }),
    figures: { ...figures, refusals, failures },
  })
}
