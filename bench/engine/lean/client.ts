import type { Partial } from '../../codec/packet-stream.ts'
import type { Connection } from '../../transport/connection.ts'
import type { GroupSpec } from '../../types.ts'
import type { FleetClient } from '../fleet-client.ts'
import { NO_LIMITS, type ServerLimits } from '../server-limits.ts'
import type { Inbox } from './inbox.ts'
import type { Publishing } from './publishing.ts'

/**
 * Where a client stands. `idle` has not come yet; `waiting` for its reconnect wait to pass; `queued` for room among the connects
 * in flight; `connecting` until TCP stands; `asking` for a CONNACK; `online`; `lost` gave up; `gone` left by plan.
 */
export type ClientState = 'idle' | 'waiting' | 'queued' | 'connecting' | 'asking' | 'online' | 'lost' | 'gone'

/** One MQTT client: nothing but data, so that a hundred thousand of them stay cheap. */
export interface Client extends FleetClient {
  state: ClientState
  socket: Connection<Client> | null
  partial: Partial | null
  /** The keep-alive of this connection; 0 means none. */
  keepAliveMs: number
  /** When the ping left that is still unanswered; 0 where there is none. */
  pingedMs: number
  /** What the server of this connection, or of the last one, bears. */
  limits: ServerLimits
  /** The broker has granted every subscription, and so far no session was lost since. */
  subscribed: boolean
  /** SUBACKs of this connection that have not come; -1 once one of them refused. */
  subacksDue: number
  inbox: Inbox | null
  /** Null for a client that does not publish. */
  publishing: Publishing | null
}

export function makeClient(
  slot: number,
  index: number,
  id: string,
  group: GroupSpec,
  target: number,
): Client {
  return {
    slot,
    index,
    id,
    group,
    state: 'idle',
    socket: null,
    partial: null,
    attempts: 0,
    attempt: 0,
    lastWaitMs: 0,
    draws: 0,
    deadlineMs: 0,
    keepAliveMs: 0,
    pingedMs: 0,
    target,
    home: target,
    limits: NO_LIMITS,
    subscribed: false,
    subacksDue: 0,
    inbox: null,
    publishing: null,
  }
}
