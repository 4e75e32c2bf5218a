import type { LatencyFinding, LedgerReport } from '../types.ts'

/** What became of the messages, summed up over all publishers and subscribers. */
export interface MessageTotals {
  sent: number
  acknowledged: number
  refused: number
  abandoned: number
  skipped: number
  received: number
  lost: number
  missed: number
  duplicated: number
  /** Of the duplicated: allowed, as QoS 1 redelivers (MQTT 5 §4.3.2). */
  redelivered: number
  reordered: number
  /** Pairs of publisher and subscriber of which the ledger could not keep account. */
  overflowed: number
  foreign: number
  settled: boolean
  latencies: LatencyFinding[]
}

export function messageTotals(ledger: LedgerReport): MessageTotals {
  const { publishers, foreign, settled, latencies } = ledger
  const receipts = publishers.flatMap((publisher) => publisher.receipts)
  const over = <Row>(rows: readonly Row[], figure: (row: Row) => number) =>
    rows.reduce((sum, row) => sum + figure(row), 0)
  return {
    sent: over(publishers, (row) => row.sent),
    acknowledged: over(publishers, (row) => row.acknowledged),
    refused: over(publishers, (row) => row.refused),
    abandoned: over(publishers, (row) => row.abandoned),
    skipped: over(publishers, (row) => row.skipped),
    received: over(receipts, (row) => row.received),
    lost: over(receipts, (row) => row.lost),
    missed: over(receipts, (row) => row.missed),
    duplicated: over(receipts, (row) => row.duplicated),
    redelivered: over(receipts, (row) => row.redelivered),
    reordered: over(receipts, (row) => row.reordered),
    overflowed: receipts.filter((row) => row.overflow).length,
    foreign,
    settled,
    latencies,
  }
}

/** What `--verify` does not forgive. */
export function isUnsound({ lost, duplicated, redelivered, reordered }: MessageTotals): boolean {
  return lost > 0 || duplicated > redelivered || reordered > 0
}
