import { CLIENT_KIND } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { retriesOf } from '../evidence/retries.ts'
import { judgedSpan } from '../evidence/span.ts'
import { moment } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES.refusals
const { settle } = MESSAGES

/** CONNACKs with a code other than 0. A node that only seems ready, or a full licence, shows here first. */
export const refusals: Check<'refusals'> = (run, bounds) => {
  const evictions = run.evictions.length
  const retries = retriesOf(run)
  const most = Math.floor(
    bounds.share * run.parameters.clients + retries.mean * evictions + retries.spread(evictions),
  )
  const refused = refusedCodes(run)
  const codes = [...refused.byCode].sort((a, b) => b[1] - a[1])
  const bound = text.bound({ most, share: bounds.share, clients: run.parameters.clients })
  const { fromT, toT } = judgedSpan(run)
  const figures = {
    refusals: refused.total,
    most,
    clientsRefused: refused.clients,
    ...Object.fromEntries(codes.map(([code, times]) => [`code${code}`, times])),
  }

  if (refused.total === 0 && run.connections.length === 0)
    return unknown({
      bound,
      ...text.none,
      settle: settle.clientEvents,
    })
  if (refused.total <= most)
    return pass({
      bound,
      measured: text.measured({ refusals: refused.total }),
      sentence: text.held({ refusals: refused.total, codes }),
      evidence: [evidence('clients.arrow', fromT, toT, text.seen)],
      figures,
    })
  return fail({
    bound,
    measured: text.measured({ refusals: refused.total }),
    sentence: text.exceeded({
      refusals: refused.total,
      clients: refused.clients,
      at: moment(run, refused.firstT),
      codes,
    }),
    evidence: [evidence('clients.arrow', refused.firstT, refused.lastT, text.refusedSeen)],
    figures,
  })
}

function refusedCodes(run: RunView) {
  const { fromT, toT } = judgedSpan(run)
  const { clients } = run.record
  const byCode = new Map<number, number>()
  const refusedClients = new Set<number>()
  let total = 0
  let firstT = 0
  let lastT = 0
  for (let i = 0; i < clients.length; i++) {
    const t = clients.t[i]!
    if (clients.kind[i] !== CLIENT_KIND.refused || t < fromT || t >= toT) continue
    if (total++ === 0) firstT = t
    lastT = t
    refusedClients.add(clients.client[i]!)
    byCode.set(clients.code[i]!, (byCode.get(clients.code[i]!) ?? 0) + 1)
  }
  return { total, clients: refusedClients.size, byCode, firstT, lastT }
}
