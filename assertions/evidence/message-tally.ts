import type { Messages, PublisherAccount, Receipt } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import { isAwayAtEnd, movedWithin, movesOf } from './moves.ts'
import { judgedSpan } from './span.ts'
import { SECOND } from './wording.ts'

/** Messages of one publisher that one subscriber did not receive as promised. */
export interface Breach {
  account: PublisherAccount
  receipt: Receipt
  count: number
  /** When the first of them came; for what never came there is none. */
  t?: number
}

export interface MessageTally {
  sent: number
  acknowledged: number
  received: number
  /** QoS 1 and 2: acknowledged, and never delivered. */
  lost: Breach[]
  /** QoS 2, more than once. */
  twice: Breach[]
  disordered: Breach[]
  /** QoS 0 messages that were lost, and QoS 1 copies that came more often than any redelivery explains: reported, no failure. */
  lostQos0: number
  extraQos1: number
  redelivered: number
  /** Had not come, and may yet have: their subscriber was away when the fleet left, or the end came too soon. */
  waiting: number
  /** Explained by a takeover: the session's old and new place both delivered, or one overtook the other. */
  atTakeover: number
  missed: number
  refused: number
  abandoned: number
  skipped: number
  /**
   * Pairs of publisher and subscriber, those of them whose account overflowed, and those whose subscriber is all members of a shared
   * subscription: of these only losses are judged.
   */
  pairs: number
  overflowed: number
  shared: number
  /** Came to clients that are not subscribed to them. */
  astray: number
}

/**
 * Adds up an account. A message that arrives while its subscriber's session is taken over may overtake another
 * (docs/contract/emqx.md#messages: order is promised inside one session queue only), and where the dialect allows it, it may arrive twice: both only
 * for `takeoverSeconds` after a move.
 */
export function tally(run: RunView, messages: Messages, takeoverSeconds: number): MessageTally {
  const found: MessageTally = {
    sent: 0,
    acknowledged: 0,
    received: 0,
    lost: [],
    twice: [],
    disordered: [],
    lostQos0: 0,
    extraQos1: 0,
    redelivered: 0,
    waiting: 0,
    atTakeover: 0,
    missed: 0,
    refused: 0,
    abandoned: 0,
    skipped: 0,
    pairs: 0,
    overflowed: 0,
    shared: 0,
    astray: 0,
  }
  for (const account of messages.publishers) {
    // What other fleets' publishers promise is unknown.
    if (account.fleet !== undefined) continue
    for (const key of ['sent', 'acknowledged', 'refused', 'abandoned', 'skipped'] as const)
      found[key] += account[key]
    for (const receipt of account.receipts) addReceipt(run, found, account, receipt, takeoverSeconds * SECOND)
  }
  return found
}

function addReceipt(
  run: RunView,
  found: MessageTally,
  account: PublisherAccount,
  receipt: Receipt,
  windowNs: number,
): void {
  const { qos, received, missed, redelivered, subscriber } = receipt
  if (receipt.unexpected) {
    found.astray += received
    return
  }
  found.pairs++
  found.received += received
  found.missed += missed
  found.redelivered += redelivered
  if (receipt.share !== undefined) {
    addShare(run, found, account, receipt)
    return
  }
  if (receipt.overflow) found.overflowed++
  else if (qos === 0) found.lostQos0 += receipt.lost
  else if (receipt.lost > 0 && mayYetCome(run, subscriber)) found.waiting += receipt.lost
  else if (receipt.lost > 0) found.lost.push({ account, receipt, count: receipt.lost })
  const extra = receipt.duplicated - redelivered
  if (qos === 1) found.extraQos1 += extra
  if (qos === 2 && extra > 0) addTwice(run, found, { account, receipt, count: extra }, windowNs)
  if (receipt.reordered > 0) addDisorder(run, found, { account, receipt, count: receipt.reordered }, windowNs)
}

/**
 * Of a shared subscription it is judged whether all that is owed came to some member: the ledger has excused what passed while one of
 * them was away. The server chooses the member, and messages of a member that went away may go to another, so
 * copies and order are not judged.
 */
function addShare(run: RunView, found: MessageTally, account: PublisherAccount, receipt: Receipt): void {
  found.shared++
  if (receipt.overflow) found.overflowed++
  else if (receipt.qos === 0) found.lostQos0 += receipt.lost
  else if (receipt.lost > 0 && !run.record.messages!.settled) found.waiting += receipt.lost
  else if (receipt.lost > 0) found.lost.push({ account, receipt, count: receipt.lost })
}

/**
 * Messages wait for a client that is away. In an account that is not settled, each may have been on its way when the fleet left: the
 * generator settles an account with losses once nothing has arrived for a while and nothing is in flight.
 */
function mayYetCome(run: RunView, subscriber: number): boolean {
  return !run.record.messages!.settled || isAwayAtEnd(run, subscriber, judgedSpan(run).toT)
}

/** Where a takeover may double messages it doubles those that come while it lasts: few of one publisher. */
function addTwice(run: RunView, found: MessageTally, breach: Breach, windowNs: number): void {
  const { account, receipt, count } = breach
  const mayDouble = run.parameters.dialect.takeoverMayDuplicate ?? true
  const times = receipt.duplicateT ?? []
  const outside = times.find((t) => !movedWithin(run, receipt.subscriber, t - windowNs, t))
  const most = movesOf(run, receipt.subscriber) * perWindow(run, account.publisher, windowNs)
  if (mayDouble && outside === undefined && count <= most) found.atTakeover += count
  else found.twice.push(withTime(breach, outside ?? times[0]))
}

/** How many messages of one publisher may be due within a takeover: one, where its interval is unknown. */
function perWindow({ record }: RunView, publisher: number, windowNs: number): number {
  const everyMs = record.fleet.groups[record.fleet.group[publisher]!]?.publishes?.everyMs
  return everyMs === undefined ? 1 : 1 + Math.ceil(windowNs / 1e6 / Math.max(everyMs, 1))
}

/** One side's move is enough: two nodes on the way of two messages may be unlike fast. */
function addDisorder(run: RunView, found: MessageTally, breach: Breach, windowNs: number): void {
  const { account, receipt, count } = breach
  const moved = (t: number) =>
    movedWithin(run, receipt.subscriber, t - windowNs, t) ||
    movedWithin(run, account.publisher, t - windowNs, t)
  const times = receipt.reorderedT
  const moves = movesOf(run, receipt.subscriber) + movesOf(run, account.publisher)
  const outside = times?.find((t) => !moved(t))
  const isExplained = times === undefined ? count <= moves : outside === undefined
  if (isExplained) found.atTakeover += count
  else found.disordered.push(withTime(breach, outside))
}

const withTime = (breach: Breach, t: number | undefined): Breach =>
  t === undefined ? breach : { ...breach, t }
