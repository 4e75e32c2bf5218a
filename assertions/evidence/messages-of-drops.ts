import type { PublisherAccount, Receipt } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import type { Drop } from './drops.ts'
import { reconnectNs } from './span.ts'
import { SECOND } from './wording.ts'

/** A message may have been under way for so long when its node was gone, or after a client came back. */
const UNDER_WAY_NS = 2 * SECOND

/** Clients that a node dropped, and from when until when messages to and from them may have been lost with it. */
interface Reach {
  clients: ReadonlySet<number>
  fromT: number
  toT: number
}

/**
 * The view as it is when every message had come as promised that may have been lost with a node: of a subscriber or a publisher that this
 * node dropped, all of them due, or come late, while it was dropped and came back. Of others nothing changes.
 */
export function withoutMessagesOf(run: RunView, drops: readonly Drop[]): RunView {
  const { messages } = run.record
  if (!messages) return run
  const reaches = drops.map(
    ({ rows, fromT, toT }): Reach => ({
      clients: new Set(rows.map((row) => run.connections.client[row]!)),
      fromT: fromT - UNDER_WAY_NS,
      toT: toT + reconnectNs(run) + UNDER_WAY_NS,
    }),
  )
  const publishers = messages.publishers.map((account) => ({
    ...account,
    receipts: account.receipts.map((receipt) => excused(account, receipt, reaches)),
  }))
  return { ...run, record: { ...run.record, messages: { ...messages, publishers } } }
}

function excused({ publisher }: PublisherAccount, receipt: Receipt, all: readonly Reach[]): Receipt {
  const reaches = all.filter(({ clients }) => clients.has(publisher) || clients.has(receipt.subscriber))
  const isWithin = (times: readonly number[]) =>
    reaches.some(({ fromT, toT }) => times.every((t) => t >= fromT && t <= toT))
  // Of more than are listed it is unknown when the others came.
  const isExplained = (count: number, times: readonly number[] | undefined) =>
    times !== undefined && times.length === count && isWithin(times)
  const { lost, lostT, duplicated, redelivered, duplicateT, reordered, reorderedT, share } = receipt
  // Any member may have been to get it, and the account names one of them.
  if (reaches.length === 0 || share !== undefined) return receipt
  return {
    ...receipt,
    ...(lost > 0 && lostT && isWithin(lostT) && { lost: 0 }),
    ...(isExplained(duplicated - redelivered, duplicateT) && { duplicated: redelivered }),
    ...(isExplained(reordered, reorderedT) && { reordered: 0 }),
  }
}
