import type { ClientEventReason } from '#weir/facts/index.ts'

/** What an engine does for the lifecycle of its clients. */
export interface Driver<Client> {
  /** Starts an attempt; calls `began` when it does, then `tcpOpen`, `transportOpen`, `connected` and `end`. */
  open(client: Client): void
  /** An online client's deadline passed. Sends a ping and returns true, or returns false when the last ping is unanswered. */
  ping?(client: Client, nowMs: number): boolean
  /**
   * An attempt or connection is over: releases it. Returns true if that is done at once; otherwise the driver calls
   * `closed` later.
   */
  drop(client: Client, reason: ClientEventReason): boolean
  /** The client leaves by plan: sends DISCONNECT if it was online. */
  leave(client: Client, wasOnline: boolean): void
  /** An online client disconnects by plan and comes again. Returns as `drop` does. */
  part(client: Client): boolean
  /** Port of the client's end of its connection; undefined where it is unknown. */
  localPort(client: Client): number | undefined
  /** Messages of the shard; undefined without traffic. */
  readonly traffic?: { advance(): number; end(): void; closed(client: Client): void } | undefined
  /** The driver itself reconnects after the wait of the policy: no deadline is set. */
  readonly ownReconnect?: boolean
}
