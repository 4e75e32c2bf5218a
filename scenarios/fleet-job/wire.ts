import type { Columns as EventColumns } from '#weir/bench/events/event-log.ts'
import type { FromProcess, ShardNews } from '#weir/bench/fleet/hosts/shard-host.ts'
import type { HistogramSnapshot, ShardSnapshot } from '#weir/bench/fleet/hosts/snapshot.ts'
import type { LedgerPart } from '#weir/bench/ledger/shard-ledger.ts'
import type { TrafficBatch } from '#weir/bench/ledger/traffic-batch.ts'
import type { LatencyBuckets } from '#weir/facts/index.ts'
import { type Columns, fromArrow, toArrow } from './arrow-table.ts'
import { fromJson, toJson } from './json.ts'
import { toColumns, toRows } from './row-table.ts'

/** Messages of a pod are understood by coordinators of the same number and the same version of weir. */
export const WIRE_FORMAT = 3

/** With the answer to /news: the number of the last message in it. */
export const LAST_HEADER = 'x-weir-last'

/** With the answer to /news: up to when the pod's events are in it and those before it, in milliseconds of the fleet's clock. */
export const REACHES_HEADER = 'x-weir-reaches-ms'

/** A message as it travels: what it is, and its rows as Arrow tables. */
interface Parts {
  head: object
  tables: Readonly<Record<string, Columns>>
}

const LENGTH_BYTES = 4

/** One message as bytes: the length of its head and the head as JSON, then for each table its length and an Arrow IPC stream. */
export function encode(message: FromProcess): Buffer {
  const { head, tables } = partsOf(message)
  const names = Object.keys(tables)
  const json = Buffer.from(toJson({ head, names }))
  return Buffer.concat([framed(json), ...names.map((name) => framed(toArrow(tables[name]!)))])
}

/** Throws for bytes that are no message. */
export function decode(bytes: Buffer): FromProcess {
  const [json, ...streams] = frames(bytes)
  const { head, names } = fromJson(json!.toString()) as { head: Head; names: string[] }
  const tables = new Map(names.map((name, i) => [name, fromArrow(streams[i]!)]))
  return messageOf(head, (name) => tables.get(name) ?? { length: 0, columns: {} })
}

/** Bytes with their length before them. */
export function framed(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeUInt32LE(bytes.byteLength)
  return Buffer.concat([length, bytes])
}

/** Takes apart what `framed` put together. Throws for bytes that end early. */
export function frames(bytes: Buffer): Buffer[] {
  const found: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32LE(at)
    at += LENGTH_BYTES
    if (at + length > bytes.length) throw new Error('an answer of a fleet pod was cut off')
    found.push(bytes.subarray(at, at + length))
    at += length
  }
  return found
}

type Head =
  | Exclude<FromProcess, { type: 'news' | 'snapshots' }>
  | { type: 'snapshots'; snapshots: PlainSnapshot[] }
  | { type: 'news'; shard: number; news: { type: ShardNews['type'] } & Record<string, unknown> }

function partsOf(message: FromProcess): Parts {
  if (message.type === 'snapshots')
    return { head: { ...message, snapshots: message.snapshots.map(plainSnapshot) }, tables: {} }
  if (message.type !== 'news') return { head: message, tables: {} }
  const { shard, news } = message
  const parts = newsParts(news)
  return { head: { type: 'news', shard, news: { type: news.type, ...parts.head } }, tables: parts.tables }
}

function newsParts(news: ShardNews): Parts {
  if (news.type === 'batch') {
    const { length, moreTargets, assignedIds, breaches, ...columns } = news.columns
    return { head: { moreTargets, assignedIds, breaches }, tables: { events: { length, columns } } }
  }
  if (news.type === 'traffic') {
    const { length, shares, losses, wills, ...columns } = news.batch
    return { head: { shares, losses }, tables: { messages: { length, columns }, wills: toColumns(wills) } }
  }
  if (news.type === 'latencies') return { head: { latencies: news.latencies }, tables: {} }
  const { publishers, subscribers, receipts, shares, ...head } = news.part
  return {
    head,
    tables: {
      publishers: toColumns(publishers),
      subscribers: toColumns(subscribers),
      receipts: toColumns(receipts),
      shares: toColumns(shares),
    },
  }
}

function messageOf(head: Head, table: (name: string) => Columns): FromProcess {
  if (head.type === 'snapshots') return { ...head, snapshots: head.snapshots.map(snapshotOf) }
  if (head.type !== 'news') return head
  const { type, ...rest } = head.news
  return { type: 'news', shard: head.shard, news: newsOf(type, rest, table) }
}

function newsOf(type: ShardNews['type'], rest: object, table: (name: string) => Columns): ShardNews {
  if (type === 'batch') {
    const { length, columns } = table('events')
    return { type, columns: { length, ...columns, ...rest } as unknown as EventColumns }
  }
  if (type === 'traffic') {
    const { length, columns } = table('messages')
    const wills = toRows<TrafficBatch['wills'][number]>(table('wills'))
    return { type, batch: { length, ...columns, ...rest, wills } as unknown as TrafficBatch }
  }
  if (type === 'latencies') return { type, ...(rest as { latencies: LatencyBuckets[] }) }
  const rows = <Name extends 'publishers' | 'subscribers' | 'receipts' | 'shares'>(name: Name) =>
    toRows<LedgerPart[Name][number]>(table(name)) as LedgerPart[Name]
  return {
    type,
    part: {
      ...(rest as Omit<LedgerPart, 'publishers' | 'subscribers' | 'receipts' | 'shares'>),
      publishers: rows('publishers'),
      subscribers: rows('subscribers'),
      receipts: rows('receipts'),
      shares: rows('shares'),
    },
  }
}

/** A histogram's few values and the counters as JSON has them. */
interface PlainHistogram {
  count: number
  values: number[]
}

interface PlainSnapshot extends Record<'loopDelay' | 'lag' | 'ping', PlainHistogram> {
  shard: number
  counters: number[]
}

const plain = ({ count, values }: HistogramSnapshot): PlainHistogram => ({ count, values: [...values] })
const histogram = ({ count, values }: PlainHistogram): HistogramSnapshot => ({
  count,
  values: Float64Array.from(values),
})

const plainSnapshot = ({ shard, counters, loopDelay, lag, ping }: ShardSnapshot): PlainSnapshot => ({
  shard,
  counters: Array.from(counters, Number),
  loopDelay: plain(loopDelay),
  lag: plain(lag),
  ping: plain(ping),
})

const snapshotOf = ({ shard, counters, loopDelay, lag, ping }: PlainSnapshot): ShardSnapshot => ({
  shard,
  counters: BigInt64Array.from(counters, BigInt),
  loopDelay: histogram(loopDelay),
  lag: histogram(lag),
  ping: histogram(ping),
})
