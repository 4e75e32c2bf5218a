import { definitionOf, isAssertionId } from '#weir/facts/index.ts'
import { undrainedSentence } from '../../deviations/undrained-sentence.ts'
import { type Drop, dropsOf } from '../../evidence/drops.ts'
import { withoutMessagesOf } from '../../evidence/messages-of-drops.ts'
import { once } from '../../evidence/once.ts'
import { reconnectNs } from '../../evidence/span.ts'
import { withoutEnds } from '../../evidence/without-ends.ts'
import { moment, SECOND, shortName } from '../../evidence/wording.ts'
import { MESSAGES } from '../../messages/index.ts'
import { crashSentence } from '../crash-sentence.ts'
import { evidence } from '../finding.ts'
import type { Finding } from '../verdict.ts'
import { type CauseKind, hasFailed, type Judged } from './cause.ts'

const text = MESSAGES.causes

/** Docs of each way to drop clients. */
const KINDS = {
  deleted: { id: 'node-deleted', link: 'docs/contract/emqx.md#what-clients-see' },
  crashed: { id: 'node-crashed', link: 'docs/contract/emqx.md#what-clients-see' },
  evicted: { id: 'node-evicted-at-once', link: 'docs/contract/emqx.md#eviction-rate' },
} as const

/** Facts that come on another path may be so much earlier or later. */
const AROUND_NS = 2 * SECOND

/**
 * Nodes that dropped their clients at once, one cause for each way to do so. A failure follows from it when the assertion holds without the
 * connections that were dropped, and as if no message had been lost with them. One that a drop alone makes fail also follows when nothing is left to judge then, or when what still fails lies in the
 * time of a drop, by its evidence.
 */
export const droppedNodes: CauseKind = (judged) => {
  const { run, findings } = judged
  if (!run.hasParameters || !findings.some(hasFailed)) return []
  const byWay = Map.groupBy(dropsOf(run), ({ how }) => how)
  return (['deleted', 'crashed', 'evicted'] as const).flatMap((how) => {
    const drops = byWay.get(how)
    if (!drops) return []
    const view = once(() => {
      const rest = withoutEnds(run, new Set(drops.flatMap(({ rows }) => rows)))
      // A node that evicts its clients is there, and keeps what it has for them.
      return how === 'evicted' ? rest : withoutMessagesOf(rest, drops)
    })
    return [
      {
        ...KINDS[how],
        title: titleOf(judged, how, drops),
        evidence: drops.map(({ node, fromT, toT }) =>
          evidence('clients.arrow', fromT, toT, MESSAGES.shared.clientsOf({ node: shortName(run, node) })),
        ),
        explains: (finding) => {
          if (!hasFailed(finding)) return false
          const rest = judged.again(view(), finding.id)
          if (rest.outcome === 'pass') return true
          // Without the drop there may be nothing left to judge, which does not show that nothing else was wrong: of what counts a burst it does.
          if (!isAssertionId(finding.id) || !definitionOf(finding.id).failsByDrop) return false
          return !hasFailed(rest) || liesWithin(judged, rest, drops)
        },
      },
    ]
  })
}

function titleOf({ run }: Judged, how: Drop['how'], drops: readonly Drop[]): string {
  const known = { deleted: undrainedSentence, crashed: crashSentence, evicted: () => undefined }[how](run)
  if (known) return known
  const worst = drops.reduce((a, b) => (b.rows.length > a.rows.length ? b : a))
  const words = {
    node: shortName(run, worst.node),
    clients: worst.rows.length,
    at: moment(run, worst.fromT),
    others: drops.length - 1,
  }
  if (how === 'deleted') return text.deleted(words)
  const tookNs = worst.toT - worst.fromT
  return text.evictedAtOnce({ ...words, held: worst.held, tookNs, rate: run.parameters.connEvictRate })
}

/** Pods end in a number: pod-1 is not in a text about pod-10. */
const hasWord = (text: string, name: string) =>
  text.split(/[^\w.-]+/).some((word) => word.replace(/\.$/, '') === name)

const isOfGauges = (file: string) => file === 'metrics.ndjson' || file === 'prometheus.ndjson'

/** Evidence that names nodes must be of one that dropped its clients and begin then; other evidence must lie in the time of a drop. */
function liesWithin({ run }: Judged, { evidence: parts }: Finding, drops: readonly Drop[]): boolean {
  const names = run.nodes.map(({ pod }) => pod)
  return (
    parts.length > 0 &&
    parts.every(({ file, fromT, toT, what }) =>
      drops.some((drop) => {
        // A gauge shows a drop in the scrape after it, beside the one before.
        const aroundNs = AROUND_NS + (isOfGauges(file) ? run.parameters.scrapeIntervalSeconds * SECOND : 0)
        const named = names.filter((name) => name !== '' && hasWord(what, name))
        const isOfNode = named.includes(shortName(run, drop.node))
        if (named.length > 0 && !isOfNode) return false
        const untilT = drop.toT + reconnectNs(run) + aroundNs
        // What a node did from its drop on may go on for longer.
        return fromT >= drop.fromT - aroundNs && (isOfNode ? fromT : toT) <= untilT
      }),
    )
  )
}
