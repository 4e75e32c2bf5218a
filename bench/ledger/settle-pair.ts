import type { Qos, Receipt } from '#weir/facts/index.ts'
import { firstPlannedFrom, MARK_SLACK_MS, type PublisherRow, plannedWithin } from './publisher-ledger.ts'
import { firstOf, type Range, sizeOf, subtract } from './ranges.ts'
import type { Copy, Excuse, PairReceipt } from './receipts.ts'
import type { Absence, SubscriberRow } from './shard-ledger.ts'

/**
 * Not all nodes of a cluster know a subscription at its SUBACK: only messages due this long after it are owed to the
 * subscriber.
 */
export const ROUTE_GRACE_MS = 500
/** A message may have been due this long before a member of a shared subscription went away with it. */
const HELD_MS = 5000
const MOST_TOLD = 8

/** What became of one publisher's messages at a subscriber. `sub` undefined: it was never online. */
export function settlePair(
  row: PublisherRow,
  sub: SubscriberRow | undefined,
  receipt: PairReceipt | undefined,
  qos: Qos,
  subscriptions: number,
): Omit<Receipt, 'subscriber'> {
  const excused = (receipt?.excuses ?? []).map((excuse) => excusedPart(row, excuse))
  const tail = { from: (receipt?.high ?? 0) + 1, to: row.sent }
  if (!sub?.online) excused.push(tail)
  else if (receipt?.epoch !== sub.epoch) excused.push(excusedPart(row, { ...tail, sinceMs: sub.sinceMs }))
  return settle(row, receipt, excused, qos, subscriptions)
}

/**
 * The result for the members of a shared subscription together, first granted at `sinceMs`. Publishers of other fleets have
 * no marks: what passed before their first message is excused.
 */
export function settleShare(
  row: PublisherRow,
  sinceMs: number,
  absences: readonly Absence[],
  receipt: PairReceipt | undefined,
  qos: Qos,
): Omit<Receipt, 'subscriber'> {
  const all = { from: 1, to: row.sent }
  const excused = (receipt?.excuses ?? []).map((excuse) => excusedPart(row, { ...excuse, sinceMs }))
  if (row.marks.length > 0) excused.push(excusedPart(row, { ...all, sinceMs }))
  for (const { fromMs, toMs } of absences) {
    const from = row.exact ? firstPlannedFrom(row, all, fromMs - HELD_MS - MARK_SLACK_MS) : 1
    excused.push({ from, to: firstPlannedFrom(row, all, toMs + ROUTE_GRACE_MS) - 1 })
  }
  // There is no order between the members of a shared subscription.
  return { ...settle(row, receipt, excused, qos, 1), reordered: 0, reorderedT: [] }
}

/** The part of an excuse that was due before the subscription stood again; the rest is owed. */
function excusedPart(row: PublisherRow, { from, to, sinceMs }: Excuse): Range {
  return { from, to: firstPlannedFrom(row, { from, to }, sinceMs + ROUTE_GRACE_MS) - 1 }
}

function settle(
  row: PublisherRow,
  receipt: PairReceipt | undefined,
  excused: readonly Range[],
  qos: Qos,
  subscriptions: number,
): Omit<Receipt, 'subscriber'> {
  const high = receipt?.high ?? 0
  const missing = [
    ...(receipt?.missing ?? []),
    ...(row.sent > high ? [{ from: high + 1, to: row.sent }] : []),
  ]
  const lost = subtract(subtract(missing, excused), row.unacknowledged)
  const due = plannedWithin(row, lost)
  const copies = unexplained(row, receipt, qos, subscriptions)
  return {
    qos,
    received: receipt?.received ?? 0,
    lost: sizeOf(lost),
    lostSequences: firstOf(lost, MOST_TOLD),
    ...(due && { lostT: [due.fromMs * 1e6, due.toMs * 1e6] as [number, number] }),
    missed: sizeOf(missing) - sizeOf(lost),
    duplicated: receipt?.duplicated ?? 0,
    redelivered: (receipt?.duplicated ?? 0) - copies.count,
    duplicateT: copies.listed.slice(0, MOST_TOLD).map(({ atMs }) => atMs * 1e6),
    reordered: receipt?.reordered ?? 0,
    reorderedT: (receipt?.lateMs ?? []).slice(0, MOST_TOLD).map((ms) => ms * 1e6),
    retained: receipt?.retained ?? 0,
    overflow: (receipt?.overflow ?? false) || (missing.length > 0 && row.overflow),
  }
}

/** Duplicates not explained by the subscriber, a resend of the publisher (QoS 1) or several matching subscriptions. */
function unexplained(
  row: PublisherRow,
  receipt: PairReceipt | undefined,
  qos: Qos,
  subscriptions: number,
): { count: number; listed: Copy[] } {
  if (!receipt) return { count: 0, listed: [] }
  const left = receipt.duplicated - receipt.redelivered
  const resent = (sequence: number) =>
    qos === 1 && row.resent.some(({ from, to }) => from <= sequence && sequence <= to)
  const listed = receipt.copies.filter(({ sequence }) => !resent(sequence))
  // Those beyond the list may be of any message that was sent again.
  const unlisted = left - receipt.copies.length
  const excusable = qos === 1 ? Math.min(unlisted, sizeOf(row.resent)) : 0
  const overlapping = (subscriptions - 1) * receipt.received
  const count = Math.max(0, listed.length + unlisted - excusable - overlapping)
  return { count, listed: listed.slice(listed.length - Math.min(listed.length, count)) }
}
