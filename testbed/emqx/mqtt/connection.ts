import { type ListenerKind, newTraffic, type Wire } from '../listeners/wire.ts'
import type { EmqxLog } from '../log/emqx-log.ts'
import type { Channel, SessionHooks, SessionNode } from '../session/channel.ts'
import type { Ending } from '../session/ending.ts'
import { connectionEnded } from '../session/lifecycle.ts'
import { disconnectBytes, refusalBytes } from './bytes.ts'
import { endingOf, REASON } from './codes.ts'
import { cutFrames, type FrameError } from './decode.ts'

/** `mqtt.idle_timeout`: a CONNECT must come within this. */
export const IDLE_MS = 15_000
/** After our FIN a peer that does not close is cut off. */
const LINGER_MS = 5_000
const FRAME_REASON: Record<FrameError, number> = {
  malformed: REASON.malformed,
  'too-large': REASON.packetTooLarge,
}
const NO_ALIAS = { alias: 0, known: false }

/** Where faults change what a node does with its clients. */
export interface ConnectionHooks {
  /** How long a CONNECT waits for its answer. */
  connackDelayMs(node: ServingNode): number
  /** How long a SUBSCRIBE waits for its answer; Infinity: it is never answered. */
  subackDelayMs(node: ServingNode): number
  /** Reason of a refusal of one filter of a SUBSCRIBE (MQTT 5 §3.9.3); undefined grants it. */
  subscribeRefusal(node: ServingNode): number | undefined
  /** Reason of a refusal of this client; undefined admits it. */
  refusal(node: ServingNode, clientId: string): number | undefined
  /** The client has its CONNACK and its session. */
  onConnected(node: ServingNode, channel: Channel): void
}

/** What a connection needs of the node that serves it. */
export interface ServingNode extends SessionNode {
  /** All open sockets, also those without a client yet. */
  readonly connections: Set<Connection>
  readonly license: { admits(): boolean }
  readonly log: EmqxLog
  readonly agent: { readonly refuses: boolean; readonly serverReference: string | undefined }
  readonly hooks: ConnectionHooks & SessionHooks
  /** What its system shows as the time. */
  readonly disturbed: { wallMs(): number }
  /** A timer that ends with the node. */
  after(ms: number, run: () => void): void
}

/** Handles one whole control packet. */
export type FrameHandler = (connection: Connection, frame: Buffer) => void

/**
 * One client's connection, whatever carries it. There is no timer per connection: the node checks `deadlineMs` once a
 * second, so that ten thousand idle connections cost little.
 */
export class Connection {
  readonly wire: Wire
  readonly listener: ListenerKind
  readonly node: ServingNode
  readonly traffic = newTraffic()
  channel: Channel | undefined = undefined
  protocol = 4
  /** held: the answer to the CONNECT is delayed; closing: our FIN is sent or about to be. */
  phase: 'waiting' | 'held' | 'open' | 'closing' = 'waiting'
  keepAliveMs = 0
  deadlineMs: number
  /** Topic aliases that an MQTT 5 client has set. */
  aliases: Map<number, string> | undefined = undefined
  /** How many topic aliases the client accepts, and those that this node has set. */
  aliasMaximum = 0
  #ownAliases: Map<string, number> | undefined = undefined
  /** The largest packet that it takes. */
  maximumPacketBytes = Number.POSITIVE_INFINITY
  readonly #handle: FrameHandler
  #rest: Buffer | undefined = undefined

  constructor(wire: Wire, node: ServingNode, listener: ListenerKind, handle: FrameHandler) {
    this.wire = wire
    this.node = node
    this.listener = listener
    this.#handle = handle
    this.deadlineMs = node.clock.now() + IDLE_MS
    node.connections.add(this)
  }

  write(bytes: Buffer): void {
    if (this.wire.destroyed) return
    this.node.counters.packetsSent++
    this.node.counters.bytesSent += bytes.length
    this.traffic.sentPackets++
    this.traffic.sentBytes += bytes.length
    this.wire.write(bytes)
  }

  /** The alias to send a topic with, 0 for none; one that is not `known` to the client goes with its topic. */
  aliasFor(topic: string): { alias: number; known: boolean } {
    if (this.aliasMaximum === 0) return NO_ALIAS
    const alias = this.#ownAliases?.get(topic)
    if (alias !== undefined) return { alias, known: true }
    const next = (this.#ownAliases?.size ?? 0) + 1
    return next > this.aliasMaximum ? NO_ALIAS : { alias: next, known: false }
  }

  /** The topic was sent with the alias from aliasFor(). */
  learn(topic: string): void {
    this.#ownAliases ??= new Map()
    this.#ownAliases.set(topic, this.#ownAliases.size + 1)
  }

  received(chunk: Buffer): void {
    this.node.counters.bytesReceived += chunk.length
    this.traffic.receivedBytes += chunk.length
    const whole = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk])
    this.#rest = undefined
    this.#read(whole)
  }

  #read(whole: Buffer): void {
    if (this.phase === 'closing') return
    if (this.phase === 'held') {
      this.#rest = whole
      return
    }
    if (this.keepAliveMs > 0) this.deadlineMs = this.node.clock.now() + this.keepAliveMs * 1.5
    let at = 0
    const { rest, error } = cutFrames(whole, (frame) => {
      at += frame.length
      this.node.counters.packetsReceived++
      this.traffic.receivedPackets++
      this.#handle(this, frame)
      return this.phase === 'open'
    })
    if (error !== undefined) this.broken(FRAME_REASON[error])
    else if (rest !== undefined) this.#rest = rest
    else if (at < whole.length) this.#read(Buffer.from(whole.subarray(at)))
  }

  /** The held CONNECT has been answered: reads what arrived meanwhile. */
  release(): void {
    const waiting = this.#rest
    this.#rest = undefined
    if (waiting !== undefined) this.#read(waiting)
  }

  /** The client broke the protocol: sends the reason to an MQTT 5 client (MQTT 5 §4.13) and closes. */
  broken(reason: number): void {
    if (this.phase === 'closing') return
    if (this.phase === 'open') this.sendDisconnect(reason)
    this.lose('protocol_error')
  }

  sendDisconnect(reason: number, serverReference?: string): void {
    if (this.protocol !== 5) return
    this.node.counters.disconnectSent++
    this.write(disconnectBytes(reason, serverReference))
  }

  /** CONNACK with a reason that is not success, then FIN. */
  refuse(reason: number, serverReference?: string): void {
    const { counters, endings } = this.node
    endings.count(endingOf(reason), this.listener)
    counters.connackSent++
    counters.connackError++
    if (reason === 0x86 || reason === REASON.notAuthorized) counters.connackAuthError++
    this.write(refusalBytes(this.protocol, reason, serverReference))
    this.finish()
  }

  /** The session moved or ended: sends the reason to an MQTT 5 client and closes, without touching the session. */
  dismiss(reason: number): void {
    this.channel = undefined
    if (this.phase === 'open') this.sendDisconnect(reason)
    this.finish()
  }

  /** The connection ends; its session ends too or stays, detached. Sends FIN unless `keepOpen`. */
  lose(ending: Ending, { willFires = true, keepOpen = false } = {}): void {
    const { channel } = this
    this.channel = undefined
    if (channel !== undefined) connectionEnded(channel, willFires, ending)
    if (!keepOpen) this.finish()
  }

  /** Ignores what the client sends from now on; the FIN comes with finish(). */
  stopReading(): void {
    this.phase = 'closing'
    this.deadlineMs = this.node.clock.now() + LINGER_MS
  }

  finish(): void {
    this.stopReading()
    this.wire.end()
  }

  /** Without FIN and without a word to the session. */
  destroy(): void {
    this.channel = undefined
    this.phase = 'closing'
    this.wire.destroy()
  }

  closed(): void {
    this.node.connections.delete(this)
    this.phase = 'closing'
    const { channel } = this
    this.channel = undefined
    if (channel !== undefined) connectionEnded(channel, true, 'tcp_closed')
  }

  /** Called once a second by the node. */
  overdue(nowMs: number): void {
    if (this.deadlineMs > nowMs) return
    if (this.phase === 'open') {
      this.sendDisconnect(REASON.keepAliveTimeout)
      this.lose('keepalive_timeout')
    } else if (this.phase !== 'held') this.destroy()
  }
}
