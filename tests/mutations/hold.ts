import { judge } from '#weir/assertions/index.ts'
import type { AssertionId } from '#weir/facts/index.ts'
import { Random } from '../simulator/random.ts'
import type { Mutation } from './mutation.ts'
import type { Source } from './sources.ts'

/** Read from the account of messages, which no mutation of clients keeps. */
const BY_MESSAGES: readonly string[] = ['messages', 'wills']

/** A verdict that is not as the table has it. */
export interface Deviation {
  what: 'missed' | 'false alarm' | 'lost' | 'changed'
  mutation: string
  source: string
  variant: number
  assertion: string
  sentence: string
}

export interface Held {
  /** Mutated records that were judged. */
  judged: number
  deviations: Deviation[]
}

/** Judges every variant of a mutation of one source, and compares each verdict with the table and with the source's own. */
export function hold(mutation: Mutation, source: Source): Held {
  const honest = outcomesOf(source.record)
  const held: Held = { judged: 0, deviations: [] }
  for (let variant = 0; variant < (mutation.variants ?? 1); variant++) {
    const random = new Random(hash(`${mutation.name} ${source.name}`) + variant)
    const record = mutation.apply(source.record, random, variant)
    if (record === undefined) continue
    held.judged++
    for (const [id, { outcome, sentence }] of outcomesOf(record)) {
      const what = compare(mutation, id as AssertionId, honest.get(id)!.outcome, outcome)
      if (what)
        held.deviations.push({
          what,
          mutation: mutation.name,
          source: source.name,
          variant,
          assertion: id,
          sentence,
        })
    }
  }
  return held
}

function compare(
  { of, fails = [], mayFail = [], mayOpen = [] }: Mutation,
  id: AssertionId,
  before: string,
  after: string,
): Deviation['what'] | undefined {
  if (before === 'pass' && fails.includes(id) && after !== 'fail') return 'missed'
  if (before === after || fails.includes(id) || (of === 'cluster' && BY_MESSAGES.includes(id)))
    return undefined
  if (after === 'fail') return mayFail.includes(id) ? undefined : 'false alarm'
  if (after === 'inconclusive') return mayOpen.includes(id) ? undefined : 'lost'
  // What was unknown, or wrong, became right: only for what the mutation is about.
  return mayOpen.includes(id) || mayFail.includes(id) ? undefined : 'changed'
}

function outcomesOf(record: Source['record']) {
  return new Map(judge(record).findings.map((finding) => [finding.id, finding]))
}

/** FNV-1a: a seed from a name. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (const char of text) value = Math.imul(value ^ char.charCodeAt(0), 0x01000193) >>> 0
  return value % 1_000_003
}
