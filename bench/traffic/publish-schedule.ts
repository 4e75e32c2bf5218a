import { MOST_SEQUENCE } from '../ledger/header.ts'

/**
 * When the messages of one publisher are due: message k (from 0) at `firstMs + k × everyMs`. With `everyMs` 0 a message is
 * due whenever there is room.
 */
export class PublishSchedule {
  readonly firstMs: number
  readonly everyMs: number
  /** The next message: how many were sent or skipped. */
  next = 0

  /**
   * Spreads the phases of the `of` publishers of a group evenly over one interval, but not in order of `rank` (from 0): a
   * server that evicts clients in the order in which they came would always meet them before, or after, their message.
   */
  constructor(startMs: number, everyMs: number, rank: number, of: number) {
    this.firstMs = startMs + (everyMs * ((rank * strideOf(of)) % of)) / of
    this.everyMs = everyMs
  }

  /** Planned instant of the next message; without a plan it is now. */
  dueMs(nowMs: number): number {
    return this.everyMs === 0 ? Math.max(nowMs, this.firstMs) : this.firstMs + this.next * this.everyMs
  }

  /** Gives up the messages that are due before `nowMs` and were not sent; returns how many. */
  skip(nowMs: number): number {
    if (this.everyMs === 0 || nowMs < this.firstMs) return 0
    const due = Math.floor((nowMs - this.firstMs) / this.everyMs) + 1
    const skipped = Math.max(0, due - this.next)
    this.next += skipped
    return skipped
  }
}

/** By which steps one gets round `of` places, each once, and far from one to the next: about the golden section. */
function strideOf(of: number): number {
  let stride = Math.max(1, Math.round(of * 0.618))
  while (commonDivisor(stride, of) > 1) stride++
  return stride
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b)
}

/**
 * The part of a group's `limit` (0 or absent: none) that publisher `rank` of `of` sends, at most the number of sequence
 * numbers.
 */
export function limitOf(limit: number | undefined, rank: number, of: number): number {
  if (!limit) return MOST_SEQUENCE
  return Math.min(Math.floor(limit / of) + (rank < limit % of ? 1 : 0), MOST_SEQUENCE)
}
