import type { RunView } from '#weir/record/view/index.ts'
import { burstOf, loggedDrains } from '../evidence/logged-drains.ts'
import { shortName } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { envelopeBound } from '../statistics/index.ts'
import { trimmed } from './downgrade.ts'
import { evidence } from './finding.ts'
import type { Finding } from './verdict.ts'

const text = MESSAGES.logs

/** Connections that others may add to a count: the probe, an operator. */
const OTHERS = 3
/** As eviction-envelope has it: a tick, and one that was seen late. */
const TICKS = 2

/**
 * What EMQX's own log says of the rate, beside the clients and the scrapes: it may confirm that the rate was kept, and where it says
 * otherwise, which of both is right is not known. A failure stands, for a log shows evictions alone. Lines that are missing say nothing.
 */
export function withLogWitness(run: RunView, finding: Finding): Finding {
  if (finding.id !== 'eviction-envelope' || !run.hasParameters || run.parameters.rebalance) return finding
  const drains = loggedDrains(run)
  const [first] = drains
  if (first === undefined) return finding
  const { connEvictRate } = run.parameters
  const most = envelopeBound(connEvictRate, { ticks: TICKS, slack: OTHERS })
  const worst = drains
    .map((drain) => ({ drain, burst: burstOf(drain, connEvictRate) }))
    .reduce((a, b) => (b.burst.size > a.burst.size ? b : a))
  const ticks = drains.flatMap((drain) => drain.ticks)
  const [fromT, toT] = [Math.min(...ticks.map(({ t }) => t)), Math.max(...ticks.map(({ t }) => t))]
  const figures = {
    ...finding.figures,
    loggedTicks: ticks.length,
    loggedBurst: Math.round(worst.burst.size * 10) / 10,
  }
  const seen = [...finding.evidence, evidence('logs.ndjson', fromT, toT, text.seen)]
  const node = shortName(run, worst.drain.node)
  // Other clients come and go as they like, and the log counts them.
  const isOver = worst.burst.size > most && (run.parameters.otherClients ?? 0) === 0
  const said = { node, clients: worst.burst.events, ns: worst.burst.toT - worst.burst.fromT }
  if (finding.outcome === 'pass' && isOver)
    return {
      ...{ ...finding, figures, evidence: seen, outcome: 'inconclusive' },
      sentence: MESSAGES.verdict.inconclusive({
        why: text.contradicts({ ...said, sentence: trimmed(finding) }),
      }),
      settle: text.contradictsSettle,
    }
  const more = isOver
    ? text.alsoOver(said)
    : text.within({ ticks: ticks.length, nodes: drains.length, isFail: finding.outcome === 'fail' })
  return {
    ...finding,
    figures,
    evidence: seen,
    sentence: MESSAGES.verdict.sentences([finding.sentence, more]),
  }
}
