import { type Moment, seconds } from '../evidence/wording.ts'
import { count, when } from './english.ts'

const theSame = (others: number) =>
  others > 0 ? `; the same happened to ${count(others, 'more node', 'more nodes')}` : ''

/** The sentence of each cause that no other message has. */
export const causes = {
  evictedAtOnce: (v: {
    node: string
    clients: number
    held: number
    tookNs: number
    at: Moment
    rate: number
    others: number
  }) =>
    `Node ${v.node} dropped ${v.clients} of its ${count(v.held, 'connection')} within ${seconds(Math.max(v.tookNs, 1e8))} ${when(v.at)}, at a configured rate of ${v.rate}/s${theSame(v.others)}.`,
  deleted: (v: { node: string; clients: number; at: Moment; others: number }) =>
    `Node ${v.node} dropped its last ${count(v.clients, 'client')} ${when(v.at)}, when its pod was deleted with them on it${theSame(v.others)}.`,
  refused: ({ action, why }: { action: string; why: string | undefined }) =>
    `The change (${action}) was refused, and nothing was written${why === undefined ? '' : `: ${why.replace(/\.$/, '')}`}.`,
  slowHarness: ({ measured }: { measured: string }) =>
    `The load-generator host did not keep up: ${measured}.`,
  ended: (v: {
    how: 'interrupted' | 'failed' | 'killed'
    /** What the record shows of the change. */
    seen: 'nothing' | 'part' | 'change'
    reason: string | undefined
    /** Why the record ends, as a clause, where that is known better. */
    cut: string | undefined
  }) => {
    if (v.cut !== undefined) return `${v.cut[0]!.toUpperCase()}${v.cut.slice(1)}.`
    const how = v.how === 'failed' ? 'failed' : `was ${v.how}`
    const until = {
      nothing: 'before anything was changed',
      part: 'before the end of the upgrade',
      change: 'after the change was done',
    }[v.seen]
    return `The run ${how} ${until}${v.reason === undefined ? '' : ` (${v.reason.replace(/\.$/, '')})`}.`
  },
  /** Behind the failures that it explains. */
  of: ({ title }: { title: string }) => `Cause: ${title}`,
  openBecause: (v: { passed: number; all: number; open: number; others: number }) =>
    `Nothing failed and ${v.passed} of ${count(v.all, 'assertion')} held; ${v.open} ${v.open === 1 ? 'is' : 'are'} inconclusive because of that${v.others > 0 ? `, ${v.others} for other reasons` : ''}.`,
}
