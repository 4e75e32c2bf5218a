import { type RunView, targetsOfRows } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { rowsEndedByRun } from '../evidence/ended-by-run.ts'
import { servingNodes } from '../evidence/new-set.ts'
import { judgedSpan } from '../evidence/span.ts'
import { moment, shortName } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { evenSpreadPValue } from '../statistics/index.ts'
import { evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES.landing
const { settle } = MESSAGES

/** A client that lands on an old node has to move again. */
export const landing: Check<'landing'> = (run, bounds) => {
  const bound = text.bound(bounds)
  const firstT = run.moments.firstEviction
  const landings = firstT === undefined ? undefined : landingsFrom(run, firstT)
  if (firstT === undefined || landings === undefined || landings.total === 0)
    return unknown({
      bound,
      ...text.none,
      settle: text.noneSettle,
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
    perNewNode: text.perNode({
      landings: steady.map((node, i) => ({ node: shortName(run, node), connections: perNode[i]! })),
      others: landings.total - landings.onOld - landings.unknown - perNode.reduce((sum, one) => sum + one, 0),
    }),
  }
  const seen = [evidence('clients.arrow', firstT, judgedSpan(run).toT, text.seen)]
  if (landings.onOld > 0 && run.moments.firstEvictionUnseen)
    return unknown({
      bound,
      measured: text.measuredOld(landings),
      why: text.unsampled({ ...landings, at: moment(run, firstT) }),
      settle: settle.samplesWithoutPause,
      evidence: seen,
      figures,
    })
  if (landings.onOld > 0)
    return fail({
      bound,
      measured: text.measuredOld(landings),
      sentence: text.onOld({
        ...landings,
        node: shortName(run, landings.firstOldNode),
        at: moment(run, landings.firstOldT),
      }),
      evidence: [evidence('clients.arrow', landings.firstOldT, landings.lastOldT, text.onOldSeen), ...seen],
      figures,
      despiteHarness: true,
    })
  if (share > bounds.unknownShare)
    return unknown({
      bound,
      ...text.unknownNodes(landings),
      settle: text.unknownNodesSettle,
      evidence: seen,
      figures,
    })
  // One of them may lead to other nodes than another, with more clients or fewer.
  const ways = landings.targets.size
  if (pValue < bounds.pValue && ways > 1)
    return unknown({
      bound,
      measured: text.measuredUneven({ pValue }),
      why: text.severalAddresses({ perNode: figures.perNewNode, addresses: ways }),
      settle: text.severalAddressesSettle,
      evidence: seen,
      figures,
    })
  if (pValue < bounds.pValue)
    return fail({
      bound,
      measured: text.measuredUneven({ pValue }),
      sentence: text.uneven({ total: landings.total - landings.unknown, perNode: figures.perNewNode }),
      evidence: seen,
      figures,
      despiteHarness: true,
    })
  return pass({
    bound,
    measured: text.measured({ total: landings.total, pValue }),
    sentence: text.held({ connections: landings.total - landings.unknown, perNode: figures.perNewNode }),
    evidence: seen,
    figures,
  })
}

interface Landings {
  total: number
  onOld: number
  unknown: number
  byNode: Map<number, number>
  /** The addresses that clients came by, as indices into the record's targets. */
  targets: Set<number>
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
    targets: new Set(),
    firstOldNode: -1,
    firstOldT: Number.POSITIVE_INFINITY,
    lastOldT: 0,
  }
  const endedByRun = rowsEndedByRun(run)
  const targets = targetsOfRows(run.record.clients, connections)
  for (let row = 0; row < connections.length; row++) {
    // The run ended its node before anything listed it.
    if (connections.node[row] === -1 && endedByRun.has(row)) continue
    if (connections.attemptT[row]! < fromT || connections.from[row]! >= toT) continue
    found.total++
    found.targets.add(targets[row]!)
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

/** New nodes that existed, and that the Service pointed at, the whole time: only these can have equal shares. */
function steadyNodes(run: RunView, firstT: number): number[] {
  const { toT } = judgedSpan(run)
  return servingNodes(run, 'new').filter((index) => {
    const { firstSeenT, deletingT, pod } = run.nodes[index]!
    const isOut = run.of('endpoints').some(({ t, ready }) => t > firstT && t < toT && !ready.includes(pod))
    return !isOut && firstSeenT <= firstT && (deletingT === undefined || deletingT >= toT)
  })
}
