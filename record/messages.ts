/**
 * messages.ndjson: what became of the fleet's messages, written when the fleet has left: one line a publisher with what
 * each subscriber got of it, one a will that came, one a latency, and an end line last. Without the end line it is cut off.
 */

/** What a subscriber got of one publisher. */
export interface Receipt {
  /** Index of the subscriber in the fleet table; of a shared subscription any member. */
  subscriber: number
  /** Name of the shared subscription. */
  share?: string
  /** None of its subscriptions matches the topic. */
  unexpected?: true
  /** The lower of the publisher's and the subscription's. */
  qos: 0 | 1 | 2
  /** Different messages. */
  received: number
  /** Never came, although acknowledged (QoS 0: although sent) and although the subscriber's session was there all the time. */
  lost: number
  /** Sequence numbers of the first of them. */
  lostSequences: number[]
  /** Never came, and nobody had promised that it would: no session, or no acknowledgement. */
  missed: number
  /** Copies beyond the first, and those of them that a redelivery or a second subscription explains (MQTT 5 §4.3.2, §3.3.4). */
  duplicated: number
  redelivered: number
  /** When the first copies came that nothing explains: a few, nanoseconds since the record's zero. */
  duplicateT?: number[]
  /** First copies that came after a message with a higher sequence number, and when the first few of these came. */
  reordered: number
  reorderedT?: number[]
  retained: number
  /** Too many were under way at once to be told apart: `lost` is unknown. */
  overflow: boolean
}

export interface PublisherAccount {
  publisher: number
  /** Of another fleet, by its tag; only what came of it is known. */
  fleet?: string
  topic: string
  qos: 0 | 1 | 2
  sent: number
  acknowledged: number
  refused: number
  /** In flight when a session was lost: whether they were published nobody knows. */
  abandoned: number
  /** Due, and never sent. */
  skipped: number
  receipts: Receipt[]
}

/** A will that a subscriber received: of the publisher's how-manieth `attempt` row, from 1. */
export interface WillReceipt {
  publisher: number
  attempt: number
  subscriber: number
  /** Nanoseconds since the record's zero. */
  t: number
}

/** From the planned instant to the acknowledgement, or to the first copy at a subscriber. */
export interface MessageLatency {
  of: 'ack' | 'delivery'
  qos: 0 | 1 | 2
  count: number
  p50Ms: number
  p90Ms: number
  p99Ms: number
  p999Ms: number
  maxMs: number
}

/** The whole account, as assertions and reports see it. */
export interface Messages {
  publishers: PublisherAccount[]
  wills: WillReceipt[]
  latencies: MessageLatency[]
  /** Messages that were none of the fleet's. */
  foreign: number
  /** When publishing began and ended; left out where it never did. */
  beganT?: number
  endedT?: number
  /** Everything in flight had arrived or was given up before the account was closed. */
  settled: boolean
  /** The end line was there, and as many lines before it as it says. */
  complete: boolean
}
