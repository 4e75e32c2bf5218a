import { type Bounds, definitionOf } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { isByPod } from '../evidence/by-pod.ts'
import { crashBehind } from '../evidence/crashes.ts'
import { servingNodes } from '../evidence/new-set.ts'
import { judgedSpan } from '../evidence/span.ts'
import { moment, shortName } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES.hops
const { settle, shared } = MESSAGES

/**
 * Each client moves once; one that lands on a node about to be drained moves again (docs/contract/upgrade.md#moves). Where pods are replaced
 * one by one it may land on every node that is still to be replaced.
 */
export const hops: Check<'hops'> = (run, asked) => {
  const byPod = isByPod(run)
  const old = servingNodes(run, 'old').length
  const bounds = byPod
    ? { ...asked, ...unlessAsked(asked, { onceShare: 0, most: old, perClient: old }) }
    : asked
  const bound = text.bound(bounds)
  const { length } = run.evictions
  if (length === 0)
    return unknown({
      bound,
      measured: shared.noEvictions,
      why: shared.noEviction,
      settle: settle.drain,
    })
  const times = evictionsPerClient(run)
  const evicted = times.reduce((sum, one) => sum + (one > 0 ? 1 : 0), 0)
  const once = times.reduce((sum, one) => sum + (one === 1 ? 1 : 0), 0)
  const most = times.reduce((max, one) => Math.max(max, one), 0)
  const clients = Math.max(run.parameters.clients, 1)
  const share = once / evicted
  const figures = {
    evictions: length,
    clientsEvicted: evicted,
    once,
    moreThanOnce: evicted - once,
    mostOfOne: most,
    perClient: Number((length / clients).toFixed(4)),
  }
  const measured = text.measured({ share, most, perClient: figures.perClient })
  const dropped = droppedByStaying(run)
  const isOver = dropped.length > Math.max(bounds.dropped, bounds.droppedShare * clients)
  if (isOver && run.parameters.dialect.evacuates && run.of('evacuation').length === 0)
    return unknown({
      bound,
      measured,
      why: text.neverPolled({ evictions: dropped.length }),
      settle: settle.samples,
      figures,
    })
  if (isOver) {
    const nodes = new Set(dropped.map((i) => run.evictions.node[i]!))
    const [firstT, lastT] = [run.evictions.t[dropped[0]!]!, run.evictions.t[dropped.at(-1)!]!]
    return fail({
      bound,
      measured,
      sentence: text.dropped({
        clients: new Set(dropped.map((i) => run.evictions.client[i]!)).size,
        isNew: run.nodes[run.evictions.node[dropped[0]!]!]?.side === 'new',
        node: shortName(run, run.evictions.node[dropped[0]!]!),
        at: moment(run, firstT),
        others: nodes.size - 1,
        crash: crashBehind(run, run.evictions.node[dropped[0]!]!, firstT),
      }),
      evidence: [evidence('clients.arrow', firstT, lastT, text.droppedSeen)],
      figures: { ...figures, droppedByStaying: dropped.length },
    })
  }
  if (share >= bounds.onceShare && most <= bounds.most && length / clients <= bounds.perClient)
    return pass({
      bound,
      measured,
      sentence: byPod
        ? text.heldByPods({ evicted, most, nodes: old, evictions: length })
        : text.held({ once, evicted }),
      evidence: [evidence('clients.arrow', run.evictions.t[0]!, run.evictions.t[length - 1]!, text.seen)],
      figures,
    })
  const secondT = secondEvictionT(run)
  return fail({
    bound,
    measured,
    sentence: text.again({
      again: evicted - once,
      evicted,
      most,
      at: moment(run, secondT),
      evictions: length,
      clients,
    }),
    evidence: [evidence('clients.arrow', secondT, run.evictions.t[length - 1]!, text.againSeen)],
    figures,
  })
}

/** What holds where pods are replaced one by one, for bounds that nobody chose. */
function unlessAsked(asked: Bounds<'hops'>, byPod: Partial<Bounds<'hops'>>): Partial<Bounds<'hops'>> {
  const { bounds } = definitionOf('hops')
  return Object.fromEntries(
    Object.entries(byPod).filter(([name]) => asked[name as keyof typeof asked] === bounds[name]?.default),
  )
}

/**
 * Evictions by nodes that were to keep their clients: new ones that stayed, and that EMQX was not evacuating. Where no node is new, as when a
 * cluster is scaled in, those that stay. The donors of a rebalance are to give clients away.
 */
function droppedByStaying(run: RunView): number[] {
  const untilT = judgedSpan(run).toT
  const donors = run.parameters.rebalance?.donors ?? []
  const staying = run.nodes.some(({ side }) => side === 'new') ? 'new' : 'old'
  const isStaying = run.nodes.map(
    ({ name, side, deletingT }, index) =>
      side === staying &&
      !donors.includes(name) &&
      !(deletingT !== undefined && deletingT < untilT) &&
      !run.evacuations.some(({ node }) => node === index),
  )
  return Array.from(run.evictions.node.keys()).filter((i) => isStaying[run.evictions.node[i]!])
}

function evictionsPerClient(run: RunView): Uint32Array {
  const times = new Uint32Array(run.connections.firstOf.length - 1)
  for (const client of run.evictions.client) times[client]!++
  return times
}

function secondEvictionT(run: RunView): number {
  const seen = new Set<number>()
  for (let i = 0; i < run.evictions.length; i++) {
    const client = run.evictions.client[i]!
    if (seen.has(client)) return run.evictions.t[i]!
    seen.add(client)
  }
  return run.evictions.t[0]!
}
