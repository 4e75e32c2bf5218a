import type { Partial } from '../../codec/packet-stream.ts'
import type { Connection } from '../../transport/connection.ts'
import type { GroupSpec } from '../../types.ts'

/**
 * Where a client stands. `idle` has not come yet; `waiting` for its reconnect wait to pass; `queued` for room among the connects
 * in flight; `connecting` until TCP stands; `asking` for a CONNACK; `online`; `lost` gave up; `gone` left by plan.
 */
export type ClientState = 'idle' | 'waiting' | 'queued' | 'connecting' | 'asking' | 'online' | 'lost' | 'gone'

/** One MQTT client: nothing but data, so that a hundred thousand of them stay cheap. */
export interface Client {
  /** Place in its shard: the id of its timer. */
  readonly slot: number
  /** Index in the fleet. */
  readonly index: number
  readonly id: string
  readonly group: GroupSpec
  state: ClientState
  socket: Connection<Client> | null
  partial: Partial | null
  /** Waits since the last accepted connection. */
  attempt: number
  lastWaitMs: number
  /** Random numbers drawn so far: names the next one. */
  draws: number
  /** When its timer is due, on the fleet's clock. */
  deadlineMs: number
  /** The keep-alive of this connection; 0 means none. */
  keepAliveMs: number
  /** When the ping left that is still unanswered; 0 where there is none. */
  pingedMs: number
  /** The broker has granted the subscription, and so far no session was lost since. */
  subscribed: boolean
}

export function makeClient(slot: number, index: number, id: string, group: GroupSpec): Client {
  return {
    slot,
    index,
    id,
    group,
    state: 'idle',
    socket: null,
    partial: null,
    attempt: 0,
    lastWaitMs: 0,
    draws: 0,
    deadlineMs: 0,
    keepAliveMs: 0,
    pingedMs: 0,
    subscribed: false,
  }
}
