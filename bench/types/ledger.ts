import type { Qos } from './traffic.ts'

/**
 * What a subscriber got of one publisher. `lost`: never came, although acknowledged to the publisher (QoS 0: although sent) and
 * although the subscriber's session was there all the time. `missed`: never came, but the subscriber had no session then, or the
 * publisher never got an acknowledgement: nobody promised these.
 */
export interface ReceiptFinding {
  /** Index of the subscriber; of a shared subscription any member, with `share` the subscription (`$share/<name>/<filter>`). */
  subscriber: number
  share?: string
  /** No subscription of this subscriber matches the publisher's topic: the server sent astray what came. */
  unexpected?: true
  /** The lower of the publisher's and the subscription's. */
  qos: Qos
  /** Different messages, each counted once. */
  received: number
  lost: number
  /** Sequence numbers of the first lost ones, at most 8. */
  lostSequences: number[]
  missed: number
  /** Copies beyond the first. */
  duplicated: number
  /**
   * Duplicates that a redelivery explains: QoS 1, DUP flag set or a new connection of either side (MQTT 5 §4.3.2 allows them); and
   * the copies that a server may send for each of several subscriptions of the subscriber that match (§3.3.4).
   */
  redelivered: number
  /**
   * When the first of those came (at most 8), nanoseconds since clockZeroNs: copies beyond the first that no redelivery explains.
   * A judge who knows of takeovers holds them against the subscriber's moves. Left out: nobody took them down.
   */
  duplicateT?: number[]
  /** First copies that came after a message with a higher sequence number. Of a shared subscription always 0: its members have no common order. */
  reordered: number
  /** When the first of those came, at most 8, nanoseconds since clockZeroNs. Left out: nobody took them down. */
  reorderedT?: number[]
  retained: number
  /** The ledger's memory did not suffice for this pair: its `lost` is unknown. */
  overflow: boolean
}

/** What a server bears less of than a publisher has for it (MQTT 5 §3.2.2.3.4–6). */
export interface PublishBound {
  /** Bytes of a whole packet; QoS; retained messages (1, where the server takes none: 0). */
  of: 'packet-size' | 'qos' | 'retain'
  most: number
  has: number
}

/** One publisher's account. Sequence numbers count from 1. */
export interface PublisherFinding {
  publisher: number
  /** Only of a publisher of another fleet (FleetSpec.otherFleets): that fleet's tag. Its account is unknown, but for `sent`, the highest number seen. */
  fleet?: string
  topic: string
  qos: Qos
  sent: number
  /** QoS 1: PUBACK below 0x80; QoS 2: PUBCOMP. QoS 0: none. */
  acknowledged: number
  /** Refused by the server with a reason code from 0x80. */
  refused: number
  /** In flight when a session was lost: whether they were published nobody knows. */
  abandoned: number
  /** Due while the client was not online, or with no room in flight, and never sent. */
  skipped: number
  /** Due while the client was at a server that does not take such a message, and never sent; left out for none. */
  untaken?: number
  /** What the last such server does not take of the next message; left out where there was none. */
  bound?: PublishBound
  /** It has sent as many messages as there are sequence numbers (2³² − 1), and sends no more; left out where it has not. */
  usedUp?: true
  receipts: ReceiptFinding[]
}

/** A will that a subscriber received. */
export interface WillFinding {
  publisher: number
  /** The how-manieth accepted or refused attempt of the publisher set this will, from 1: rows `attempt` of its events. */
  attempt: number
  subscriber: number
  /** Nanoseconds since clockZeroNs. */
  t: number
}

/** Milliseconds, over all messages: HDR histogram percentiles. */
export interface LatencyFinding {
  /** `ack`: planned instant to PUBACK or PUBCOMP; `delivery`: planned instant to the first copy at a subscriber. */
  of: 'ack' | 'delivery'
  qos: Qos
  count: number
  p50Ms: number
  p90Ms: number
  p99Ms: number
  p999Ms: number
  maxMs: number
}

/** What the ledger says at the end. */
export interface LedgerReport {
  publishers: PublisherFinding[]
  wills: WillFinding[]
  latencies: LatencyFinding[]
  /** Messages without a ledger header, or of another fleet's. */
  foreign: number
  /** Nanoseconds since clockZeroNs: when publishing began and ended; undefined where it never did. */
  beganT?: number
  endedT?: number
  /** Everything in flight had arrived or was given up before the report was made. */
  settled: boolean
}
