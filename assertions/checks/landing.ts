import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { servingNodes } from '../evidence/new-set.ts'
import { judgedSpan } from '../evidence/span.ts'
import { atTrigger, count, shortName } from '../evidence/wording.ts'
import { evenSpreadPValue } from '../statistics/index.ts'
import { evidence, fail, pass, unknown } from '../verdict/finding.ts'

/** A client that lands on an old node has to move again. */
export const landing: Check<'landing'> = (run, bounds) => {
  const bound = `0 on old nodes, even spread (p ≥ ${bounds.pValue})`
  const firstT = run.moments.firstEviction
  const landings = firstT === undefined ? undefined : landingsFrom(run, firstT)
  if (firstT === undefined || landings === undefined || landings.total === 0)
    return unknown({
      bound,
      measured: 'no new connections',
      why: 'no client connected after a first eviction',
      settle: 'a run in which evicted clients come back',
    })
  const steady = steadyNodes(run, firstT)
  const perNode = steady.map((node) => landings.byNode.get(node) ?? 0)
  const pValue = evenSpreadPValue(perNode)
  const share = landings.unknown / landings.total
  const figures = {
    landings: landings.total,
    onOld: landings.onOld,
    unknown: landings.unknown,
    pValue: Number(pValue.toPrecision(3)),
    perNewNode: steady.map((node, i) => `${shortName(run, node)}=${perNode[i]}`).join(' '),
  }
  const seen = [
    evidence('clients.arrow', firstT, judgedSpan(run).toT, 'connections from the first eviction on'),
  ]
  if (landings.onOld > 0)
    return fail({
      bound,
      measured: `${landings.onOld} of ${landings.total} on old nodes`,
      sentence: `${landings.onOld} of ${count(landings.total, 'connection')} made after evictions had begun landed on an old node, the first on ${shortName(run, landings.firstOldNode)} ${atTrigger(run, landings.firstOldT)}: their clients must move again.`,
      evidence: [
        evidence('clients.arrow', landings.firstOldT, landings.lastOldT, 'landings on old nodes'),
        ...seen,
      ],
      figures,
      despiteHarness: true,
    })
  if (share > bounds.unknownShare)
    return unknown({
      bound,
      measured: `${landings.unknown} of ${landings.total} unknown`,
      why: `no listing tells the node of ${count(landings.unknown, 'new connection')} of ${landings.total}`,
      settle: "complete listings of each node's clients, often enough",
      evidence: seen,
      figures,
    })
  if (pValue < bounds.pValue)
    return fail({
      bound,
      measured: `p = ${pValue.toExponential(1)}`,
      sentence: `${count(landings.total, 'connection')} spread unevenly over the new nodes: ${figures.perNewNode}.`,
      evidence: seen,
      figures,
      despiteHarness: true,
    })
  return pass({
    bound,
    measured: `0 of ${landings.total} on old nodes, p = ${pValue.toPrecision(2)}`,
    sentence: `All ${landings.total - landings.unknown} connections after the first eviction landed on new nodes: ${figures.perNewNode}.`,
    evidence: seen,
    figures,
  })
}

interface Landings {
  total: number
  onOld: number
  unknown: number
  byNode: Map<number, number>
  firstOldNode: number
  firstOldT: number
  lastOldT: number
}

/** Connections whose attempt began at `fromT` or later: an earlier one may rightly end on an old node. */
function landingsFrom(run: RunView, fromT: number): Landings {
  const { toT } = judgedSpan(run)
  const { connections } = run
  const found: Landings = {
    total: 0,
    onOld: 0,
    unknown: 0,
    byNode: new Map(),
    firstOldNode: -1,
    firstOldT: Number.POSITIVE_INFINITY,
    lastOldT: 0,
  }
  for (let row = 0; row < connections.length; row++) {
    if (connections.attemptT[row]! < fromT || connections.from[row]! >= toT) continue
    found.total++
    const node = connections.node[row]!
    if (node < 0) found.unknown++
    else if (run.nodes[node]!.side === 'new') found.byNode.set(node, (found.byNode.get(node) ?? 0) + 1)
    else {
      found.onOld++
      const t = connections.from[row]!
      found.lastOldT = Math.max(found.lastOldT, t)
      if (t >= found.firstOldT) continue
      found.firstOldT = t
      found.firstOldNode = node
    }
  }
  return found
}

/** New nodes that took clients and were there all the time: only these can have got equal shares. */
function steadyNodes(run: RunView, firstT: number): number[] {
  const { toT } = judgedSpan(run)
  return servingNodes(run, 'new').filter((index) => {
    const { firstSeenT, deletingT } = run.nodes[index]!
    return firstSeenT <= firstT && (deletingT === undefined || deletingT >= toT)
  })
}
