import type { Messages, PublisherAccount, Receipt } from '#weir/facts/index.ts'

/** What a subscriber received of a publisher: nothing yet, and nothing went wrong. */
export const receiptOf = (subscriber: number, changes: Partial<Receipt> = {}): Receipt => ({
  subscriber,
  qos: 1,
  received: 0,
  lost: 0,
  lostSequences: [],
  missed: 0,
  duplicated: 0,
  redelivered: 0,
  duplicateT: [],
  reordered: 0,
  reorderedT: [],
  retained: 0,
  overflow: false,
  ...changes,
})

/** What a publisher sent: nothing yet, and nothing went wrong. */
export const accountOf = (
  publisher: number,
  topic: string,
  changes: Partial<PublisherAccount> = {},
): PublisherAccount => ({
  publisher,
  topic,
  qos: 1,
  sent: 0,
  acknowledged: 0,
  refused: 0,
  abandoned: 0,
  skipped: 0,
  receipts: [],
  ...changes,
})

/** A complete account of a fleet's messages. */
export const messagesOf = (publishers: PublisherAccount[], changes: Partial<Messages> = {}): Messages => ({
  publishers,
  wills: [],
  latencies: [],
  foreign: 0,
  settled: true,
  complete: true,
  ...changes,
})
