import type { IConnectPacket } from 'mqtt-packet'
import type { ListenerKind } from '../listeners/kinds.ts'
import type { Connection } from '../mqtt/connection.ts'
import type { Traffic } from '../mqtt/traffic.ts'
import type { NodeCore } from '../node-core.ts'
import type { Session } from './session.ts'

export type Will = NonNullable<IConnectPacket['will']>

/**
 * A row of a node's channel table: a connected client, or a session whose client is away, or one that an evacuation parked
 * here (contract/emqx.md §0.1).
 */
export interface Channel {
  clientId: string
  node: NodeCore
  /** Undefined while the client is away. */
  connection: Connection | undefined
  session: Session
  /** Of the client's last connection. */
  traffic: Traffic
  /** The row is no longer the client's; it leaves the table in a moment. */
  dead: boolean
  /** Came by session eviction and has not been taken over since. */
  parked: boolean
  cleanStart: boolean
  /** 0 ends with the connection, Infinity never. */
  expirySeconds: number
  /** Unix milliseconds; Infinity while connected. */
  expiresAtMs: number
  will: Will | undefined
  cancelWill: (() => void) | undefined
  username: string | null
  protocolName: string
  protocol: number
  keepAliveSeconds: number
  receiveMaximum: number
  /** Through which the client came last. */
  listener: ListenerKind
  address: string
  port: number
  connectedAtMs: number
  /** Undefined while connected. */
  disconnectedAtMs: number | undefined
  createdAtMs: number
}

/** How long a will waits for its client to come back (MQTT 5 §3.1.3.2.2); 0 without a will. */
export function willDelaySeconds({ will }: Channel): number {
  return will?.properties?.willDelayInterval ?? 0
}
