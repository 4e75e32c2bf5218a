import type { LedgerReport, PublisherAccount, Qos, Receipt } from '#weir/facts/index.ts'
import type { TrafficPlan } from '../traffic/plan.ts'
import type { FleetLedger } from './fleet-ledger.ts'
import { latencyFindings } from './latencies.ts'
import type { PublisherRow } from './publisher-ledger.ts'
import type { PairReceipt } from './receipts.ts'
import { settlePair, settleShare } from './settle-pair.ts'
import type { LedgerPart, ShareRow, SubscriberRow } from './shard-ledger.ts'

/** All that a report is made of. */
export interface Books {
  /** Of this fleet: other fleets' messages have another. */
  tag: number
  plan: TrafficPlan
  parts: readonly LedgerPart[]
  central: FleetLedger
  settled: boolean
}

/** Merges what the shards know with who should have got what. */
export function ledgerReport(books: Books): LedgerReport {
  const { parts, central, plan, settled } = books
  const rows = new Map(parts.flatMap((part) => part.publishers).map((row) => [row.publisher, row]))
  const receipts = sortOut(books)
  const publishers = plan.publishers.map(({ client, topic, publish }): PublisherAccount => {
    const row = rows.get(client) ?? silent(client)
    const { sent, acknowledged, refused, abandoned, skipped, untaken, bound, usedUp } = row
    const account = {
      publisher: client,
      topic,
      qos: publish.qos,
      sent,
      acknowledged,
      refused,
      abandoned,
      skipped,
      ...(untaken && { untaken }),
      ...(bound && { bound }),
      ...(usedUp && { usedUp }),
    }
    if (publish.payload.kind !== 'ledger' || sent === 0) return { ...account, receipts: [] }
    return { ...account, receipts: receiptsOf(row, topic, publish.qos, receipts, plan) }
  })
  const beganMs = Math.min(...parts.map((part) => part.beganMs ?? Number.POSITIVE_INFINITY))
  const endedMs = Math.max(...parts.map((part) => part.endedMs ?? Number.NEGATIVE_INFINITY))
  return {
    publishers: [...publishers, ...others(receipts)],
    wills: central.wills,
    latencies: latencyFindings(parts.flatMap((part) => part.latencies)),
    foreign: parts.reduce((sum, part) => sum + part.foreign, 0),
    ...(Number.isFinite(beganMs) ? { beganT: beganMs * 1e6, endedT: endedMs * 1e6 } : {}),
    settled,
  }
}

const NEVER_GRANTED: Omit<ShareRow, 'subscription'> = { sinceMs: Number.POSITIVE_INFINITY, absences: [] }

interface Receipts {
  subscribers: Map<number, SubscriberRow>
  /** By publisher, then by subscriber. */
  own: Map<number, Map<number, PairReceipt>>
  /** By publisher, then by subscription. */
  shared: Map<number, Map<string, PairReceipt>>
  shares: Map<string, ShareRow>
  others: { receipt: PairReceipt; share?: string }[]
}

function sortOut({ tag, parts, central }: Books): Receipts {
  const receipts: Receipts = {
    subscribers: new Map(parts.flatMap((part) => part.subscribers).map((row) => [row.client, row])),
    own: new Map(),
    shared: new Map(),
    shares: new Map(),
    others: [],
  }
  for (const receipt of parts.flatMap((part) => part.receipts))
    if (receipt.tag === tag) inner(receipts.own, receipt.publisher).set(receipt.subscriber, receipt)
    else receipts.others.push({ receipt })
  for (const { subscription, receipt } of central.shared())
    if (receipt.tag === tag) inner(receipts.shared, receipt.publisher).set(subscription, receipt)
    else receipts.others.push({ receipt, share: subscription })
  for (const row of parts.flatMap((part) => part.shares)) {
    const before = receipts.shares.get(row.subscription)
    receipts.shares.set(row.subscription, {
      subscription: row.subscription,
      sinceMs: Math.min(row.sinceMs, before?.sinceMs ?? Number.POSITIVE_INFINITY),
      absences: [...(before?.absences ?? []), ...row.absences],
    })
  }
  return receipts
}

function inner<Key, Value>(map: Map<number, Map<Key, Value>>, key: number): Map<Key, Value> {
  let found = map.get(key)
  if (!found) {
    found = new Map()
    map.set(key, found)
  }
  return found
}

function receiptsOf(
  row: PublisherRow,
  topic: string,
  qos: Qos,
  { subscribers, own, shared, shares }: Receipts,
  plan: TrafficPlan,
): Receipt[] {
  const lower = (other: Qos): Qos => (other < qos ? other : qos)
  const subscribed = plan.subscribersOf(topic, row.publisher)
  const came = own.get(row.publisher) ?? new Map<number, PairReceipt>()
  const findings: Receipt[] = []
  for (const [subscriber, { qos: granted, subscriptions }] of subscribed.plain) {
    const sub = subscribers.get(subscriber)
    const settled = settlePair(row, sub, came.get(subscriber), lower(granted), subscriptions)
    findings.push({ subscriber, ...settled })
  }
  for (const share of subscribed.shares) {
    const { sinceMs, absences } = shares.get(share.subscription) ?? NEVER_GRANTED
    const receipt = shared.get(row.publisher)?.get(share.subscription)
    const settled = settleShare(row, sinceMs, absences, receipt, lower(share.qos))
    findings.push({ subscriber: share.members[0]!, share: share.subscription, ...settled })
  }
  for (const [subscriber, receipt] of came)
    if (!subscribed.plain.has(subscriber))
      findings.push({
        subscriber,
        unexpected: true,
        ...asItCame(receipt),
        lost: 0,
        lostSequences: [],
        missed: 0,
      })
  return findings
}

/** Publishers of other fleets, of whom only what came is known. */
function others({ others: receipts, shares }: Receipts): PublisherAccount[] {
  const findings = new Map<string, PublisherAccount>()
  for (const { receipt, share } of receipts) {
    const fleet = receipt.tag.toString(16).padStart(6, '0')
    const key = `${fleet} ${receipt.publisher}`
    let finding = findings.get(key)
    if (!finding) {
      const { publisher, qos } = receipt
      const unknown = { acknowledged: 0, refused: 0, abandoned: 0, skipped: 0 }
      finding = { publisher, fleet, topic: '', qos, sent: 0, ...unknown, receipts: [] }
      findings.set(key, finding)
    }
    finding.sent = Math.max(finding.sent, receipt.high)
    const row = { ...silent(receipt.publisher), sent: receipt.high }
    const { sinceMs, absences } = shares.get(share ?? '') ?? NEVER_GRANTED
    const settled = share
      ? settleShare(row, sinceMs, absences, receipt, receipt.qos)
      : settlePair(row, undefined, receipt, receipt.qos, 1)
    finding.receipts.push({ subscriber: receipt.subscriber, ...(share ? { share } : {}), ...settled })
  }
  return [...findings.values()]
}

function asItCame(receipt: PairReceipt) {
  const { qos, received, duplicated, redelivered, reordered, retained, overflow } = receipt
  return { qos, received, duplicated, redelivered, reordered, retained, overflow }
}

/** The account of a publisher that nothing is known of. */
function silent(publisher: number): PublisherRow {
  const none = { sent: 0, acknowledged: 0, refused: 0, abandoned: 0, skipped: 0 }
  return {
    publisher,
    ...none,
    unacknowledged: [],
    overflow: false,
    // It may have sent any of its messages again, and brokers do not pass a publisher's DUP flag on (MQTT 5 §3.3.1.1).
    resent: [{ from: 1, to: 0xffff_ffff }],
    everyMs: 0,
    marks: [],
    exact: false,
  }
}

/** Messages that are owed and have not come, over all pairs: what it is worth to wait for. */
export function lostIn({ publishers }: LedgerReport): number {
  return publishers.reduce(
    (sum, { receipts }) => sum + receipts.reduce((lost, receipt) => lost + receipt.lost, 0),
    0,
  )
}
