import type { PublishBound } from '#weir/facts/index.ts'
import { MOST_SEQUENCE } from './header.ts'
import { type Range, Ranges } from './ranges.ts'

/** An instant that publishing had reached: message `sequence` was due then. */
export interface Mark {
  sequence: number
  plannedMs: number
}

/** Marks that an account keeps; beyond them every second one goes. */
const MOST_MARKS = 64
/** A plan that runs away from its marks by less than this gets no new one. */
export const MARK_SLACK_MS = 100

/** One publisher's account as it crosses threads. */
export interface PublisherRow {
  publisher: number
  sent: number
  acknowledged: number
  refused: number
  abandoned: number
  skipped: number
  /** As in PublisherAccount. */
  untaken?: number
  bound?: PublishBound
  usedUp?: true
  /** Numbers that were sent and not acknowledged, for whatever reason. */
  unacknowledged: Range[]
  /** There were more stretches of them than memory: what is missing may be one of them. */
  overflow: boolean
  /** Numbers that were sent again after a reconnect. */
  resent: Range[]
  everyMs: number
  marks: Mark[]
  /** Whether every mark is kept: then marks are instants, not only bounds. */
  exact: boolean
}

/** What became of one publisher's messages: plain figures, and the numbers of those with which something went wrong. */
export class PublisherLedger {
  readonly publisher: number
  readonly #everyMs: number
  sent = 0
  acknowledged = 0
  refused = 0
  abandoned = 0
  skipped = 0
  untaken = 0
  bound: PublishBound | undefined
  #unacknowledged: Ranges | undefined
  #resent: Ranges | undefined
  #marks: Mark[] = []
  #exact = true

  /** `everyMs`: between two planned instants; 0 where there is no plan. */
  constructor(publisher: number, everyMs: number) {
    this.publisher = publisher
    this.#everyMs = everyMs
  }

  /** Counts a message that is sent for the first time; returns its sequence number. */
  send(plannedMs: number): number {
    const sequence = ++this.sent
    if (plannedMs - plannedNotBefore(this.#marks, this.#everyMs, sequence) > MARK_SLACK_MS)
      this.#mark({ sequence, plannedMs })
    return sequence
  }

  refuse(sequence: number): void {
    this.refused++
    this.#without(sequence)
  }

  /** In flight when a session was lost. */
  abandon(sequence: number): void {
    this.abandoned++
    this.#without(sequence)
  }

  resend(sequence: number): void {
    this.#resent ??= new Ranges()
    this.#resent.add(sequence)
  }

  /** `inFlight`: numbers that no answer has come for yet. */
  row(inFlight: Iterable<number>): PublisherRow {
    const unacknowledged = new Ranges()
    for (const { from, to } of this.#unacknowledged?.list() ?? []) unacknowledged.add(from, to)
    for (const sequence of inFlight) unacknowledged.add(sequence)
    const { publisher, sent, acknowledged, refused, abandoned, skipped, untaken, bound } = this
    return {
      publisher,
      sent,
      acknowledged,
      refused,
      abandoned,
      skipped,
      ...(untaken > 0 && { untaken }),
      ...(bound && { bound }),
      ...(sent === MOST_SEQUENCE && { usedUp: true }),
      unacknowledged: unacknowledged.list(),
      overflow: unacknowledged.overflow || (this.#unacknowledged?.overflow ?? false),
      resent: this.#resent?.list() ?? [],
      everyMs: this.#everyMs,
      marks: this.#marks,
      exact: this.#exact,
    }
  }

  #without(sequence: number): void {
    this.#unacknowledged ??= new Ranges()
    this.#unacknowledged.add(sequence)
  }

  #mark(mark: Mark): void {
    if (this.#marks.length === MOST_MARKS) {
      this.#marks = this.#marks.filter((_, i) => i % 2 === 0)
      this.#exact = false
    }
    this.#marks.push(mark)
  }
}

/**
 * A lower bound of when message `sequence` was due. Skipped messages only delay later ones, so counting from an earlier
 * mark is safe.
 */
export function plannedNotBefore(marks: readonly Mark[], everyMs: number, sequence: number): number {
  for (let i = marks.length - 1; i >= 0; i--) {
    const mark = marks[i]!
    if (mark.sequence <= sequence) return mark.plannedMs + (sequence - mark.sequence) * everyMs
  }
  return Number.NEGATIVE_INFINITY
}

/** Within which time these messages were due; undefined where the marks do not say so. `numbers` ascend. */
export function plannedWithin(
  { marks, everyMs, exact }: Pick<PublisherRow, 'marks' | 'everyMs' | 'exact'>,
  numbers: readonly Range[],
): { fromMs: number; toMs: number } | undefined {
  const [first, last] = [numbers[0], numbers.at(-1)]
  if (!exact || marks.length === 0 || first === undefined || last === undefined) return undefined
  const at = (sequence: number) => plannedNotBefore(marks, everyMs, sequence)
  return { fromMs: at(first.from), toMs: at(last.to) + MARK_SLACK_MS }
}

/** The first number of `range` that was certainly due at or after `instantMs`; one beyond the range where there is none. */
export function firstPlannedFrom(
  { marks, everyMs }: Pick<PublisherRow, 'marks' | 'everyMs'>,
  range: Range,
  instantMs: number,
): number {
  let low = range.from
  let high = range.to + 1
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (plannedNotBefore(marks, everyMs, middle) >= instantMs) high = middle
    else low = middle + 1
  }
  return low
}
