/** The account of a fleet's messages: the rows of messages.ndjson. */

import type { Qos } from './fleet.ts'

/** What a subscriber received from one publisher. */
export interface Receipt {
  /** Index of the subscriber in the fleet table; of a shared subscription any member, with `share` the subscription (`$share/<name>/<filter>`). */
  subscriber: number
  share?: string
  /** None of its subscriptions matches the topic: the server should not have sent what came. */
  unexpected?: true
  /** The lower of the publisher's and the subscription's. */
  qos: Qos
  /** Different messages, each counted once. */
  received: number
  /** Never came, although acknowledged (QoS 0: although sent) and although the subscriber's session was there all the time. */
  lost: number
  /** Sequence numbers of the first lost ones, at most 8. */
  lostSequences: number[]
  /** Within which time all lost ones were due, nanoseconds since the run began. Absent: none was lost, or it was not recorded. */
  lostT?: [fromT: number, toT: number]
  /** Never came, without a promise: the subscriber had no session then, or the publisher got no acknowledgement. */
  missed: number
  /** Copies beyond the first. */
  duplicated: number
  /**
   * Duplicates that a redelivery explains: QoS 1 with the DUP flag set or after a reconnect of either side (MQTT 5 §4.3.2), and the
   * copies that a server may send for each matching subscription of a client (§3.3.4).
   */
  redelivered: number
  /** When the first unexplained copies came (at most 8), nanoseconds since the run began. Absent: not recorded. */
  duplicateT?: number[]
  /** First copies that came after a message with a higher sequence number. Always 0 for a shared subscription: its members have no common order. */
  reordered: number
  /** When the first of those came (at most 8), nanoseconds since the run began. Absent: not recorded. */
  reorderedT?: number[]
  retained: number
  /** Too many messages were in flight at once to tell them apart: `lost` is unknown. */
  overflow: boolean
}

/** A server limit that a publisher's message exceeds (MQTT 5 §3.2.2.3.4–6). */
export interface PublishBound {
  /** Bytes of a whole packet; QoS; retained messages (1, or 0 where the server refuses them). */
  of: 'packet-size' | 'qos' | 'retain'
  most: number
  has: number
}

/** One publisher's account. Sequence numbers count from 1. */
export interface PublisherAccount {
  publisher: number
  /** Tag of another fleet. Of its publishers only what came is known; `sent` is the highest number seen. */
  fleet?: string
  topic: string
  qos: Qos
  sent: number
  /** QoS 1: PUBACK below 0x80; QoS 2: PUBCOMP. QoS 0: none. */
  acknowledged: number
  /** Refused by the server with a reason code of 0x80 or above. */
  refused: number
  /** In flight when a session was lost: unknown whether they were published. */
  abandoned: number
  /** Due while the client was offline or had no room in flight, and never sent. */
  skipped: number
  /** Due while the server's limits forbade the message, and never sent; absent for none. */
  untaken?: number
  /** The limit of the last such server that the next message exceeds; absent where there was none. */
  bound?: PublishBound
  /** It sent as many messages as there are sequence numbers (2³² − 1) and stopped. */
  usedUp?: true
  receipts: Receipt[]
}

/** A will that a subscriber received. */
export interface WillReceipt {
  publisher: number
  /** The publisher's attempt that set this will, counted from 1 over its `attempt` events. */
  attempt: number
  subscriber: number
  /** Nanoseconds since the run began. */
  t: number
}

/** How many values are in each bucket of a histogram. */
export interface Buckets {
  /** Upper ends, ascending: a value that equals one is below it. */
  upToSeconds: readonly number[]
  /** One more than ends: the last is beyond all of them. */
  counts: readonly number[]
  sumSeconds: number
}

/** Latencies of one kind. */
interface LatencyKind {
  /** From the planned instant to PUBACK or PUBCOMP (`ack`), or to the first copy at a subscriber (`delivery`). */
  of: 'ack' | 'delivery'
  qos: Qos
}

/** All of a kind so far. */
export type LatencyBuckets = LatencyKind & Buckets

/** HDR histogram percentiles over all messages, in milliseconds. */
export interface MessageLatency extends LatencyKind {
  count: number
  p50Ms: number
  p90Ms: number
  p99Ms: number
  p999Ms: number
  maxMs: number
  /** Absent in older records. */
  buckets?: Buckets
}

/** The generator's whole account. */
export interface LedgerReport {
  publishers: PublisherAccount[]
  wills: WillReceipt[]
  latencies: MessageLatency[]
  /** Messages without a ledger header, or of another fleet. */
  foreign: number
  /** When publishing began and ended, nanoseconds since the run began; absent where it never did. */
  beganT?: number
  endedT?: number
  /** Everything in flight had arrived or was given up before the account was closed. */
  settled: boolean
}

/** The account as read back from a record. */
export interface Messages extends LedgerReport {
  /** The end line was there, and as many lines before it as it says. */
  complete: boolean
}
