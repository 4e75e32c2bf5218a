import { definitionOf } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import { burstOf, loggedDrains } from '../evidence/logged-drains.ts'
import { mostRate } from '../evidence/requested.ts'
import { shortName } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { envelopeBound } from '../statistics/index.ts'
import { trimmed } from './downgrade.ts'
import { evidence } from './finding.ts'
import type { Finding } from './verdict.ts'

const text = MESSAGES.logs

/** As both assertions have it: ticks that may come together, and connections that others add to a count. */
const ALLOWED = {
  ticks: definitionOf('eviction-envelope').bounds.ticks!.default,
  slack: definitionOf('log-truth').bounds.tolerance!.default,
}

/**
 * What EMQX's own log says of the rate, beside the clients and the scrapes: it may confirm that the rate was kept, and where it says
 * otherwise, which of both is right is not known. A failure stands, for a log shows evictions alone. Lines that are missing say nothing.
 */
export function withLogWitness(run: RunView, finding: Finding): Finding {
  if (finding.id !== 'eviction-envelope' || !run.hasParameters || run.parameters.rebalance) return finding
  const drains = loggedDrains(run)
  const bursts = drains.flatMap((drain) => {
    const rate = mostRate(run, drain.node)
    const burst = burstOf(drain, rate)
    return burst ? [{ drain, burst, over: burst.size - envelopeBound(rate, ALLOWED) }] : []
  })
  const [first] = bursts
  if (first === undefined) return finding
  const worst = bursts.reduce((a, b) => (b.over > a.over ? b : a), first)
  const ticks = bursts.flatMap(({ drain }) => drain.ticks)
  const [fromT, toT] = [Math.min(...ticks.map(({ t }) => t)), Math.max(...ticks.map(({ t }) => t))]
  const figures = {
    ...finding.figures,
    loggedTicks: ticks.length,
    loggedBurst: Math.round(worst.burst.size * 10) / 10,
  }
  const seen = [...finding.evidence, evidence('logs.ndjson', fromT, toT, text.seen)]
  const node = shortName(run, worst.drain.node)
  // Other clients come and go as they like, and the log counts them.
  const isOver = worst.over > 0 && (run.parameters.otherClients ?? 0) === 0
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
    : text.within({ ticks: ticks.length, nodes: bursts.length, isFail: finding.outcome === 'fail' })
  return {
    ...finding,
    figures,
    evidence: seen,
    sentence: MESSAGES.verdict.sentences([finding.sentence, more]),
  }
}
