import { CLIENT_KIND } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { connackWords } from '../evidence/connack-words.ts'
import { judgedSpan } from '../evidence/span.ts'
import { atTrigger, count } from '../evidence/wording.ts'
import { evidence, fail, pass, unknown } from '../verdict/finding.ts'

/** CONNACKs with another code than 0. A node that only looks ready, or a licence that is full, shows here first. */
export const refusals: Check<'refusals'> = (run, bounds) => {
  const most = Math.floor(bounds.share * run.parameters.clients)
  const refused = refusedCodes(run)
  const codes = [...refused.byCode].sort((a, b) => b[1] - a[1])
  const bound = `at most ${most} refusals (${bounds.share * 100} % of ${run.parameters.clients})`
  const { fromT, toT } = judgedSpan(run)
  const figures = {
    refusals: refused.total,
    clientsRefused: refused.clients,
    ...Object.fromEntries(codes.map(([code, times]) => [`code${code}`, times])),
  }
  const byCode = codes.map(([code, times]) => `${times} × ${connackWords(code)}`).join(', ')
  if (refused.total === 0 && run.connections.length === 0)
    return unknown({
      bound,
      measured: 'no clients',
      why: 'no client ever got a CONNACK',
      settle: 'a record with client events',
    })
  if (refused.total <= most)
    return pass({
      bound,
      measured: count(refused.total, 'refusal'),
      sentence:
        refused.total === 0 ? 'No client was refused.' : `${count(refused.total, 'refusal')}: ${byCode}.`,
      evidence: [evidence('clients.arrow', fromT, toT, 'all CONNACKs')],
      figures,
    })
  return fail({
    bound,
    measured: count(refused.total, 'refusal'),
    sentence: `${count(refused.total, 'CONNECT')} of ${count(refused.clients, 'client')} were refused from ${atTrigger(run, refused.firstT).replace('at ', '')} on: ${byCode}.`,
    evidence: [evidence('clients.arrow', refused.firstT, refused.lastT, 'refusing CONNACKs')],
    figures,
  })
}

function refusedCodes(run: RunView) {
  const { fromT, toT } = judgedSpan(run)
  const { clients } = run.record
  const byCode = new Map<number, number>()
  const who = new Set<number>()
  let total = 0
  let firstT = 0
  let lastT = 0
  for (let i = 0; i < clients.length; i++) {
    const t = clients.t[i]!
    if (clients.kind[i] !== CLIENT_KIND.refused || t < fromT || t >= toT) continue
    if (total++ === 0) firstT = t
    lastT = t
    who.add(clients.client[i]!)
    byCode.set(clients.code[i]!, (byCode.get(clients.code[i]!) ?? 0) + 1)
  }
  return { total, clients: who.size, byCode, firstT, lastT }
}
