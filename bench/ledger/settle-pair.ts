import type { Qos, ReceiptFinding } from '../types.ts'
import { firstPlannedFrom, MARK_SLACK_MS, type PublisherRow } from './publisher-account.ts'
import { firstOf, type Range, sizeOf, subtract } from './ranges.ts'
import type { Excuse, Receipt } from './receipts.ts'
import type { Absence, SubscriberRow } from './shard-ledger.ts'

/**
 * A broker of several nodes grants a subscription before all its nodes know of it, so a subscriber is held to what was due from this
 * long after its SUBACK. Traffic that starts when all are ready starts so much later.
 */
export const ROUTE_GRACE_MS = 500
/** A message may have been due this long before a member of a shared subscription went away with it. */
const HELD_MS = 5000
const MOST_LOST = 8

/** What became of one publisher's messages at a subscriber. `sub` undefined: it was never online. */
export function settlePair(
  row: PublisherRow,
  sub: SubscriberRow | undefined,
  receipt: Receipt | undefined,
  qos: Qos,
  subscriptions: number,
): Omit<ReceiptFinding, 'subscriber'> {
  const excused = (receipt?.excuses ?? []).map((excuse) => excusedPart(row, excuse))
  const tail = { from: (receipt?.high ?? 0) + 1, to: row.sent }
  if (!sub?.online) excused.push(tail)
  else if (receipt?.epoch !== sub.epoch) excused.push(excusedPart(row, { ...tail, sinceMs: sub.sinceMs }))
  return settle(row, receipt, excused, qos, subscriptions)
}

/** What became of them at the members of a shared subscription together. */
export function settleShare(
  row: PublisherRow,
  sinceMs: number,
  absences: readonly Absence[],
  receipt: Receipt | undefined,
  qos: Qos,
): Omit<ReceiptFinding, 'subscriber'> {
  const all = { from: 1, to: row.sent }
  const excused = [excusedPart(row, { ...all, sinceMs })]
  for (const { fromMs, toMs } of absences) {
    const from = row.exact ? firstPlannedFrom(row, all, fromMs - HELD_MS - MARK_SLACK_MS) : 1
    excused.push({ from, to: firstPlannedFrom(row, all, toMs + ROUTE_GRACE_MS) - 1 })
  }
  return settle(row, receipt, excused, qos, 1)
}

/** The part of an excuse that was due before the subscription stood again; the rest is owed. */
function excusedPart(row: PublisherRow, { from, to, sinceMs }: Excuse): Range {
  return { from, to: firstPlannedFrom(row, { from, to }, sinceMs + ROUTE_GRACE_MS) - 1 }
}

function settle(
  row: PublisherRow,
  receipt: Receipt | undefined,
  excused: readonly Range[],
  qos: Qos,
  subscriptions: number,
): Omit<ReceiptFinding, 'subscriber'> {
  const high = receipt?.high ?? 0
  const missing = [
    ...(receipt?.missing ?? []),
    ...(row.sent > high ? [{ from: high + 1, to: row.sent }] : []),
  ]
  const lost = subtract(subtract(missing, excused), row.unacknowledged)
  return {
    qos,
    received: receipt?.received ?? 0,
    lost: sizeOf(lost),
    lostSequences: firstOf(lost, MOST_LOST),
    missed: sizeOf(missing) - sizeOf(lost),
    duplicated: receipt?.duplicated ?? 0,
    redelivered: receipt ? redelivered(row, receipt, qos, subscriptions) : 0,
    reordered: receipt?.reordered ?? 0,
    retained: receipt?.retained ?? 0,
    overflow: (receipt?.overflow ?? false) || (missing.length > 0 && row.overflow),
  }
}

/** Those that the subscriber's side explains, those that the publisher sent again, and those of overlapping subscriptions. */
function redelivered(row: PublisherRow, receipt: Receipt, qos: Qos, subscriptions: number): number {
  const unexplained = receipt.duplicated - receipt.redelivered
  const resent = qos === 1 ? sizeOf(receipt.copies) - sizeOf(subtract(receipt.copies, row.resent)) : 0
  const overlapping = (subscriptions - 1) * receipt.received
  return receipt.redelivered + Math.min(unexplained, resent + overlapping)
}
