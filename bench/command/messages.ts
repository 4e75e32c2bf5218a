import type { LedgerReport, MessageLatency, PublishBound } from '#weir/facts/index.ts'

/** What became of the messages, summed up over all publishers and subscribers. */
export interface MessageTotals {
  sent: number
  acknowledged: number
  refused: number
  abandoned: number
  /** Of QoS 1 and 2, and still in flight at the end: no answer came in time. */
  unanswered: number
  skipped: number
  /** Due, and not what the broker takes: `bound` is the first reason of any publisher. */
  untaken: number
  bound?: PublishBound
  /** Publishers that stopped because they had no sequence number left; left out for none. */
  usedUp?: number
  received: number
  lost: number
  missed: number
  duplicated: number
  /** Of the duplicated: allowed, as QoS 1 redelivers (MQTT 5 §4.3.2). */
  redelivered: number
  reordered: number
  /** Pairs of publisher and subscriber of which the ledger could not keep account. */
  overflowed: number
  /** Different messages that came to subscribers without a subscription that matches. */
  astray: number
  foreign: number
  settled: boolean
  latencies: MessageLatency[]
}

export function messageTotals(ledger: LedgerReport): MessageTotals {
  const { publishers, foreign, settled, latencies } = ledger
  // Of other fleets' publishers only what came is known.
  const own = publishers.filter(({ fleet }) => fleet === undefined)
  const receipts = publishers.flatMap((publisher) => publisher.receipts)
  const over = <Row>(rows: readonly Row[], figure: (row: Row) => number) =>
    rows.reduce((sum, row) => sum + figure(row), 0)
  const usedUp = own.filter((row) => row.usedUp).length
  const bound = own.find((row) => row.bound)?.bound
  return {
    sent: over(own, (row) => row.sent),
    acknowledged: over(own, (row) => row.acknowledged),
    refused: over(own, (row) => row.refused),
    abandoned: over(own, (row) => row.abandoned),
    unanswered: over(own, ({ qos, sent, acknowledged, refused, abandoned }) =>
      qos === 0 ? 0 : sent - acknowledged - refused - abandoned,
    ),
    skipped: over(own, (row) => row.skipped),
    untaken: over(own, (row) => row.untaken ?? 0),
    ...(bound && { bound }),
    ...(usedUp > 0 && { usedUp }),
    received: over(receipts, (row) => row.received),
    lost: over(receipts, (row) => row.lost),
    missed: over(receipts, (row) => row.missed),
    duplicated: over(receipts, (row) => row.duplicated),
    redelivered: over(receipts, (row) => row.redelivered),
    reordered: over(receipts, (row) => row.reordered),
    overflowed: receipts.filter((row) => row.overflow).length,
    astray: over(receipts, (row) => (row.unexpected ? row.received : 0)),
    foreign,
    settled,
    latencies,
  }
}

/** What `--verify` does not forgive. */
export function isUnsound({ lost, duplicated, redelivered, reordered, astray }: MessageTotals): boolean {
  return lost > 0 || duplicated > redelivered || reordered > 0 || astray > 0
}

/** Why `--verify` of a subscriber that found nothing wrong can say nothing: there was nothing to find it in. Undefined: it can. */
export function unverified({ received, overflowed }: MessageTotals): string | undefined {
  if (received === 0) return 'no message of bench pub --verify arrived'
  if (overflowed > 0)
    return `${overflowed} pairs of publisher and subscriber could not be tracked, because too many messages came out of order`
  return undefined
}

/** What a broker does not take of the messages, and what a user may do about it. */
export function boundWords({ of, most, has }: PublishBound): { words: string; todo: string } {
  switch (of) {
    case 'packet-size':
      return {
        words: `it accepts packets of at most ${most} bytes, and this message needs ${has}`,
        todo: 'use smaller messages (-S, -m or the file), or raise its maximum packet size',
      }
    case 'qos':
      return { words: `it accepts QoS ${most} at most, and this is QoS ${has}`, todo: `use -q ${most}` }
    case 'retain':
      return { words: 'it does not accept retained messages', todo: 'remove --retain' }
  }
}
