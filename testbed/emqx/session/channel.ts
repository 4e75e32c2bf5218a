import type { IConnectPacket } from 'mqtt-packet'
import type { Clock } from '../../runtime/clock.ts'
import type { ListenerKind, Traffic } from '../listeners/wire.ts'
import type { Counters } from '../metrics/counters.ts'
import type { VersionProfile } from '../version.ts'
import type { Ending, Endings } from './ending.ts'
import type { Message } from './message.ts'
import type { Fanout } from './publish.ts'
import type { Delivery, Session } from './session.ts'
import type { TopicIndex } from './topic-index.ts'

export type Will = NonNullable<IConnectPacket['will']>
export type ClientSession = Session<Channel>

/** What sessions need of the connection that serves them. */
export interface ClientConnection {
  /** The largest packet that the client takes. */
  readonly maximumPacketBytes: number
  write(bytes: Buffer): void
  aliasFor(topic: string): { alias: number; known: boolean }
  learn(topic: string): void
  sendDisconnect(reason: number, serverReference?: string): void
  dismiss(reason: number): void
  lose(ending: Ending, options?: { willFires?: boolean; keepOpen?: boolean }): void
  stopReading(): void
  finish(): void
}

/** Where faults change what happens to sessions and messages. */
export interface SessionHooks {
  /** The session is lost when its client moves from `held` to the node. */
  losesSession(held: Channel, to: SessionNode): boolean
  /** A session leaves its node with its subscriptions, queue and messages in flight. */
  onTakeover(session: ClientSession): void
  /** An eviction publishes no will. */
  dropsWill(channel: Channel, ending: Ending): boolean
  /** A delayed will is published although its client is back. */
  keepsWill(held: Channel): boolean
  /** What the session gets instead of a message. Left out, the message itself: deliveries are frequent. */
  deliveries?(session: ClientSession, delivery: Delivery): readonly Delivery[]
}

/** What sessions need of the node that holds them. */
export interface SessionNode {
  readonly name: string
  /** Not of the generation that the cluster began with. */
  readonly isNew: boolean
  readonly clock: Clock
  readonly version: VersionProfile
  readonly counters: Counters
  readonly endings: Endings
  /** The channel table: connected, detached and parked sessions by client id. */
  readonly channels: Map<string, Channel>
  /** Channels whose client is connected. */
  readonly live: Map<string, Channel>
  /** What the nodes of a cluster share. */
  readonly group: {
    readonly registry: Map<string, Channel>
    readonly retained: Map<string, Message>
    readonly topics: TopicIndex<ClientSession>
    readonly fanout: Fanout
  }
  readonly hooks: SessionHooks
  removeRowSoon(channel: Channel): void
}

/**
 * A row of a node's channel table: a connected client, or a session whose client is away, or one that an evacuation parked
 * here (docs/contract/emqx.md#tables).
 */
export interface Channel {
  clientId: string
  node: SessionNode
  /** Undefined while the client is away. */
  connection: ClientConnection | undefined
  session: ClientSession
  /** Of the client's last connection. */
  traffic: Traffic
  /** The process has ended; the row is about to leave the table. */
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
  /** Of the client's last connection. */
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
