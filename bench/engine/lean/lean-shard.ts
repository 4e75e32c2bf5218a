import type { ClientEventReason } from '#weir/facts/index.ts'
import type { Connack } from '../../codec/connack.ts'
import { type Disconnect, writeDisconnect } from '../../codec/disconnect.ts'
import { MAX_PACKET_BYTES, readPackets } from '../../codec/packet-stream.ts'
import type { PublishView } from '../../codec/publish-view.ts'
import { MalformedPacket } from '../../codec/reason-code.ts'
import type { ConnectionOwner, Dial } from '../../transport/connection.ts'
import { dialTcp } from '../../transport/tcp.ts'
import type { EndedSessions } from '../../types.ts'
import { endSessions } from '../end-sessions.ts'
import type { Engine, ShardOutlets } from '../engine.ts'
import { failureCode, failureReason } from '../failure-reason.ts'
import type { Driver } from '../lifecycle/driver.ts'
import { Lifecycle } from '../lifecycle/lifecycle.ts'
import { limitsOf, NO_LIMITS, type ServerLimits } from '../server-limits.ts'
import type { ShardSpec } from '../shard-spec.ts'
import { breachOfAck } from './ack-breach.ts'
import { Client } from './client.ts'
import { ClientPackets } from './client-packets.ts'
import { continueInbox } from './inbox.ts'
import { KeepAlive } from './keep-alive.ts'
import { LeanTraffic } from './lean-traffic.ts'
import { OpenSockets } from './open-sockets.ts'
import { type AckKind, type PacketListener, ProtocolHandler } from './protocol-handler.ts'
import { Subscribing } from './subscribing.ts'

/** The `lean` engine: MQTT without an object, closure or timer per packet, for the clients of one thread. */
export class LeanShard implements Engine, Driver<Client>, ConnectionOwner<Client>, PacketListener {
  readonly traffic: LeanTraffic | undefined
  readonly #spec: ShardSpec
  readonly #out: ShardOutlets
  readonly #clients: Client[]
  readonly #dial: Dial<Client>
  readonly #lifecycle: Lifecycle<Client>
  readonly #packets: ClientPackets
  readonly #subscribing: Subscribing
  readonly #keepAlive: KeepAlive
  readonly #sockets: OpenSockets
  readonly #handler = new ProtocolHandler(this)
  /** PUBLISH packets of this read. */
  #received = 0
  /** Limits of the last server: clients whose server has the same share the object. */
  #limits: ServerLimits = NO_LIMITS

  constructor(spec: ShardSpec, out: ShardOutlets) {
    this.#spec = spec
    this.#out = out
    this.#clients = spec.clients.ids.map((_, slot) => new Client(spec, slot))
    this.#dial = out.dial ?? dialTcp
    this.#lifecycle = new Lifecycle<Client>(spec, out, this.#clients, this)
    const { deadlines } = this.#lifecycle
    this.traffic =
      spec.traffic &&
      new LeanTraffic(spec, spec.traffic, this.#clients, out, (dueMs) => deadlines.wakeAt(dueMs))
    this.#packets = new ClientPackets(spec, this.traffic?.willPayload)
    this.#subscribing = new Subscribing(this.#packets, this.#lifecycle)
    this.#keepAlive = new KeepAlive(spec.keepAliveSeconds, deadlines, out.ping)
    this.#sockets = new OpenSockets(out.timers)
  }

  start(startMs: number): void {
    this.#lifecycle.start(startMs)
  }

  async stop(graceMs: number): Promise<EndedSessions> {
    await this.#lifecycle.leave()
    const left = () => this.#clients.map(({ socket }) => socket).filter((socket) => socket !== null)
    await this.#sockets.closed(left, graceMs)
    return endSessions(this.#spec, this.#clients, this.#out.dial ?? dialTcp)
  }

  // The driver.

  open(client: Client): void {
    this.#lifecycle.began(client)
    client.socket = this.#dial(client, this, this.#lifecycle.routeOf(client))
    this.#sockets.opened()
  }

  ping(client: Client, nowMs: number): boolean {
    if (client.pingedMs !== 0) return false
    this.#keepAlive.ping(client, nowMs)
    return true
  }

  drop(client: Client): boolean {
    if (client.socket) {
      // What this socket still reports is ignored.
      client.socket.client = null
      this.#sockets.reaper.bury(client.socket)
    }
    client.socket = null
    client.partial = null
    return true
  }

  leave(client: Client, wasOnline: boolean): void {
    if (!wasOnline) return
    // The socket stays until both sides have closed it, but reports nothing more to the client.
    client.socket!.client = null
    client.socket!.end(this.#packets.disconnect(client))
  }

  part(client: Client): boolean {
    const socket = client.socket!
    client.socket = null
    client.partial = null
    socket.client = null
    this.#sockets.reaper.buryAfter(this.#packets.disconnect(client), socket)
    return true
  }

  localPort({ socket }: Client): number | undefined {
    return socket?.localPort
  }

  // The transport.

  onTcp(client: Client): void {
    this.#lifecycle.tcpOpen(client)
  }

  onConnect(client: Client): void {
    this.#lifecycle.transportOpen(client)
    client.socket!.write(this.#packets.connect(client))
  }

  onBytes(client: Client, bytes: Buffer, length: number): void {
    const { acks, onPacket } = this.#handler
    const limit = client.group.connect?.maximumPacketSize ?? MAX_PACKET_BYTES
    this.traffic?.beginRead()
    try {
      this.#handler.begin(client, bytes)
      client.partial = readPackets(client.partial, bytes, length, client, onPacket, limit)
    } catch (error) {
      if (!(error instanceof MalformedPacket)) throw error
      acks.clear()
      this.#endRead(client)
      this.#protest(client, error)
      return
    }
    if (client.socket) acks.flush(client.socket)
    else acks.clear()
    this.#endRead(client)
  }

  onFin(client: Client): void {
    this.#end(client, 'closed')
  }

  onError(client: Client, error: NodeJS.ErrnoException): void {
    this.#end(client, failureReason(error, client.state === 'connecting'), failureCode(error))
  }

  onSocketGone(): void {
    this.#sockets.gone()
  }

  // Packets.

  onConnack(client: Client, { code, sessionPresent, properties }: Connack): void {
    if (code !== 0) {
      this.#end(client, 'connack', code, properties.serverReference)
      return
    }
    this.#limits = limitsOf(properties, this.#limits)
    client.limits = this.#limits
    this.#assignId(client, properties.assignedClientId)
    client.surplusReleases = sessionPresent === 1 ? Number.POSITIVE_INFINITY : 0
    if (client.inbox) client.inbox = continueInbox(client.inbox, sessionPresent)
    this.#lifecycle.connected(client, sessionPresent === 1)
    this.#keepAlive.begin(client, this.#out.clock.nowMs(), properties.serverKeepAliveSeconds)
    this.#subscribing.begin(client)
    this.traffic?.opened(client, sessionPresent === 1)
  }

  /** The server names a client that connected without an id (MQTT 5 §3.2.2.3.7). */
  #assignId(client: Client, assigned: string | undefined): void {
    if (client.id !== '' || assigned === undefined) return
    client.id = assigned
    this.#out.log.addAssignedId(client.index, assigned)
  }

  onPingresp(client: Client): void {
    this.#keepAlive.onPingresp(client, this.#out.clock.nowMs())
  }

  onSuback(client: Client, packetId: number, filters: number, refusal: number): void {
    this.#subscribing.answered(client, packetId, filters, refusal)
    if (client.subscribed) this.traffic?.subscribed(client)
  }

  onMessage(client: Client, view: PublishView, bytes: Buffer, repeated: boolean): void {
    this.#received++
    if (!repeated) this.traffic?.message(client, view, bytes)
  }

  onAck(client: Client, ack: AckKind, packetId: number, reason: number): boolean {
    if (this.traffic?.acknowledged(client, ack, packetId, reason)) return true
    const breach = breachOfAck(client, ack, packetId, reason)
    if (breach) this.#out.log.addBreach(breach)
    return false
  }

  onUnsuback(): void {
    this.#out.log.addBreach('unsuback-out-of-place')
  }

  onDisconnect(client: Client, { code, serverReference }: Disconnect): void {
    this.#end(client, 'disconnect-packet', code, serverReference)
  }

  #endRead(client: Client): void {
    if (this.#received > 0) this.#out.counters.add('received', this.#received)
    this.#received = 0
    this.traffic?.endRead(client)
  }

  /** DISCONNECT tells an MQTT 5 server why (§4.13.1); MQTT 3.1.1 has no packet for it. */
  #protest(client: Client, { reasonCode, breach }: MalformedPacket): void {
    if (breach) this.#out.log.addBreach(breach)
    const { socket } = client
    if (socket && client.group.protocol === '5') {
      client.socket = null
      socket.client = null
      this.#sockets.reaper.buryAfter(writeDisconnect(reasonCode), socket)
    }
    this.#end(client, 'protocol-error', reasonCode)
  }

  #end(client: Client, reason: ClientEventReason, code?: number, serverReference?: string): void {
    this.#lifecycle.end(client, reason, code, serverReference)
  }
}
