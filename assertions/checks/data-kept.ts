import type { StoredDataEvent } from '#weir/facts/index.ts'
import type { Check } from '../check.ts'
import { MESSAGES } from '../messages/index.ts'
import { evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES['data-kept']
const { settle, shared } = MESSAGES

const KINDS = ['retained', 'sessions', 'queued'] as const

/** What EMQX stores and no connection holds: given before the change, asked for after it. */
export const dataKept: Check<'data-kept'> = (run, bounds) => {
  const bound = text.bound(bounds)
  const open = (why: string, resolve: string) =>
    unknown({ bound, measured: shared.unknown, why, settle: resolve })
  const { trigger } = run.moments
  if (trigger === undefined) return open(text.noChange, settle.upgrade)
  const events = run.of('stored-data')
  const stored = events.findLast(({ phase, t }) => phase === 'stored' && t <= trigger)
  if (stored === undefined || KINDS.every((kind) => stored[kind] === 0))
    return open(text.noneStored, text.noneStoredSettle)
  if (!stored.complete) return open(text.notTaken({ error: errorOf(stored) }), text.notTakenSettle)
  const found = events.find(({ phase, t }) => phase === 'found' && t > trigger)
  if (found === undefined) return open(text.notFetched, settle.wholeRun)
  if (!found.complete) return open(text.noAnswer({ error: errorOf(found) }), settle.wholeRun)
  const losses = KINDS.map((kind) => ({
    kind,
    all: stored[kind],
    lost: Math.max(0, stored[kind] - found[kind]),
  }))
  const lost = losses.reduce((sum, one) => sum + one.lost, 0)
  const parts = {
    bound,
    measured: text.measured({ found, stored }),
    figures: Object.fromEntries(losses.map((one) => [`${one.kind}Lost`, one.lost])),
    evidence: [evidence('events.ndjson', stored.t, found.t, text.seen)],
  }
  if (lost > bounds.lost)
    return fail({
      ...parts,
      sentence: text.lost({
        parts: losses.flatMap((one) => (one.lost > 0 ? [text[one.kind](one)] : [])),
        lost,
        missing: found.missing ?? [],
      }),
    })
  return pass({ ...parts, sentence: text.held({ stored, tolerated: lost }) })
}

const errorOf = ({ error = shared.unknown }: StoredDataEvent): string => error
