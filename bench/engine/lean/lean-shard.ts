import type { ClientEventReason } from '#weir/facts/index.ts'
import type { Connack } from '../../codec/connack.ts'
import { type Disconnect, writeDisconnect } from '../../codec/disconnect.ts'
import { MalformedPacket } from '../../codec/malformed.ts'
import { MAX_PACKET_BYTES, readPackets } from '../../codec/packet-stream.ts'
import type { PublishView } from '../../codec/publish-view.ts'
import type { ConnectionOwner, Dial } from '../../transport/connection.ts'
import { dialTcp } from '../../transport/tcp.ts'
import { Arrivals } from '../arrivals.ts'
import { ClientEvents } from '../client-events.ts'
import { ComingBack } from '../coming-back.ts'
import { ConnectGate } from '../connect-gate.ts'
import { Deadlines } from '../deadlines.ts'
import type { Engine, ShardOutlets } from '../engine.ts'
import { failureCode, failureReason } from '../failure-reason.ts'
import { limitsOf, NO_LIMITS, type ServerLimits } from '../server-limits.ts'
import type { ShardSpec } from '../shard-spec.ts'
import { countSlowHandshake } from '../slow-handshake.ts'
import { Targets } from '../targets.ts'
import { type Client, makeClient } from './client.ts'
import { type AckKind, Conversation, type Listener } from './conversation.ts'
import { Greeter } from './greeting.ts'
import { continueInbox } from './inbox.ts'
import { KeepAlive } from './keep-alive.ts'
import { LeanTraffic } from './lean-traffic.ts'
import { OpenSockets } from './open-sockets.ts'
import { Subscribing } from './subscribing.ts'

/** A time-out noticed later than this after its instant was noticed late by us: the answer may lie unread in a socket. */
const LATE_MS = 100
/** Clients that say goodbye in one turn of the event loop. */
const GOODBYES_PER_TURN = 500

/**
 * The part of a fleet that one thread runs: the `lean` engine. Every way in which an attempt or a connection can end goes
 * through `#end`, and only the reconnect policy decides what follows.
 */
export class LeanShard implements Engine, ConnectionOwner<Client>, Listener {
  readonly #spec: ShardSpec
  readonly #out: ShardOutlets
  readonly #clients: Client[]
  readonly #dial: Dial<Client>
  readonly #events: ClientEvents
  readonly #targets: Targets
  readonly #greeter: Greeter
  readonly traffic: LeanTraffic | undefined
  readonly #subscribing: Subscribing
  readonly #comingBack: ComingBack
  readonly #arrivals: Arrivals
  readonly #deadlines: Deadlines<Client>
  readonly #keepAlive: KeepAlive
  readonly #gate: ConnectGate<Client>
  readonly #sockets: OpenSockets
  readonly #conversation = new Conversation(this)
  /** PUBLISH packets of this read. */
  #received = 0
  /** What the last server told: clients whose server says the same share it. */
  #limits: ServerLimits = NO_LIMITS
  #stopping = false

  constructor(spec: ShardSpec, out: ShardOutlets) {
    const { ids, index, group } = spec.clients
    this.#spec = spec
    this.#out = out
    this.#clients = ids.map((id, slot) => {
      const k = index[slot]!
      return makeClient(slot, k, id, spec.groups[group[slot]!]!, k % spec.targets.length)
    })
    this.#dial = out.dial ?? dialTcp
    this.#events = new ClientEvents(out)
    this.#targets = new Targets(spec, out.log)
    this.traffic =
      spec.traffic &&
      new LeanTraffic(spec, spec.traffic, this.#clients, out, (dueMs) => this.#deadlines.wakeAt(dueMs))
    this.#greeter = new Greeter(spec, this.traffic?.willPayload)
    this.#subscribing = new Subscribing(this.#greeter, this.#events, out)
    this.#comingBack = new ComingBack(spec)
    this.#arrivals = new Arrivals(spec.clients)
    this.#deadlines = new Deadlines(this.#clients, out, this.#arrive, this.#onDeadline)
    this.#keepAlive = new KeepAlive(spec.keepAliveSeconds, this.#deadlines)
    this.#gate = new ConnectGate(spec.connectsInFlight, this.#open)
    this.#sockets = new OpenSockets(out.timers)
  }

  /** Starts the arrival schedule: its zero is `startMs` on the fleet's clock. */
  start(startMs: number): void {
    this.#arrivals.begin(startMs)
    this.#deadlines.wakeAt(this.#arrivals.nextMs())
  }

  /** Every client leaves: DISCONNECT to those online. Resolves when all sockets are closed, by force after `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true
    this.traffic?.end()
    this.#gate.close()
    this.#deadlines.stop()
    for (const [i, client] of this.#clients.entries()) {
      this.#leave(client)
      if (i % GOODBYES_PER_TURN === GOODBYES_PER_TURN - 1)
        await new Promise((resolve) => setImmediate(resolve))
    }
    const left = () => this.#clients.map(({ socket }) => socket).filter((socket) => socket !== null)
    await this.#sockets.closed(left, graceMs)
  }

  // What is due.

  readonly #arrive = (): number => {
    this.#arrivals.advance(this.#out.clock, this.#come)
    const nextMs = this.#arrivals.nextMs()
    return this.traffic ? Math.min(nextMs, this.traffic.advance()) : nextMs
  }

  readonly #come = (slot: number, plannedMs: number): void => {
    const client = this.#clients[slot]!
    this.#events.scheduled(client, plannedMs)
    this.#request(client, plannedMs)
  }

  readonly #onDeadline = (client: Client): void => {
    const nowMs = this.#out.clock.nowMs()
    const lateMs = nowMs - client.deadlineMs
    if (client.state === 'waiting') this.#request(client, client.deadlineMs)
    else if (client.state === 'online' && client.pingedMs === 0) this.#keepAlive.ping(client, nowMs)
    else if (lateMs > LATE_MS) this.#deadlines.set(client, nowMs + lateMs)
    else if (client.state === 'connecting') this.#end(client, 'connect-timeout')
    else if (client.state === 'asking') this.#end(client, 'connack-timeout')
    else if (client.state === 'online') this.#end(client, 'keepalive-timeout')
  }

  // An attempt.

  /** The time in line for room in flight is the broker's doing and no lag of ours. */
  #request(client: Client, plannedMs: number): void {
    const lagMs = this.#out.clock.nowMs() - plannedMs
    this.#out.lag.record(Math.max(1, Math.round(lagMs * 1000)))
    client.state = 'queued'
    this.#gate.enter(client)
  }

  readonly #open = (client: Client): void => {
    client.state = 'connecting'
    client.attempts++
    this.#events.add(client, 'attempt')
    this.#out.counters.add('attempts', 1)
    this.#out.counters.add('inFlight', 1)
    client.socket = this.#dial(client, this, this.#targets.routeOf(client))
    this.#sockets.opened()
    this.#deadlines.set(client, this.#out.clock.nowMs() + this.#spec.connectTimeoutMs)
  }

  onTcp(client: Client): void {
    countSlowHandshake(client, this.#out.clock.nowMs(), this.#spec.connectTimeoutMs, this.#out.counters)
  }

  onConnect(client: Client): void {
    client.state = 'asking'
    client.socket!.write(this.#greeter.connect(client))
    this.#deadlines.set(client, this.#out.clock.nowMs() + this.#spec.connackTimeoutMs)
  }

  onConnack(client: Client, { code, sessionPresent, properties }: Connack): void {
    if (code !== 0) {
      this.#end(client, 'connack', code, properties.serverReference)
      return
    }
    client.state = 'online'
    this.#limits = limitsOf(properties, this.#limits)
    client.limits = this.#limits
    const nowMs = this.#out.clock.nowMs()
    this.#comingBack.connected(client, nowMs)
    this.#takeId(client, properties.assignedClientId)
    this.#events.add(client, 'connected', '', 0, sessionPresent)
    this.#out.counters.add('connected', 1)
    this.#out.counters.add('online', 1)
    this.#out.counters.add('inFlight', -1)
    if (client.inbox) client.inbox = continueInbox(client.inbox, sessionPresent)
    this.#keepAlive.begin(client, nowMs, properties.serverKeepAliveSeconds)
    this.#subscribing.begin(client, sessionPresent)
    this.traffic?.opened(client, sessionPresent === 1)
    this.#gate.leave()
  }

  /** Who came without an id is from now on who the server says (MQTT 5 §3.2.2.3.7). */
  #takeId(client: Client, assigned: string | undefined): void {
    if (client.id !== '' || assigned === undefined) return
    client.id = assigned
    this.#out.log.addAssignedId(client.index, assigned)
  }

  // A connection.

  onPingresp(client: Client): void {
    this.#keepAlive.onPingresp(client)
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
    return this.traffic?.acknowledged(client, ack, packetId, reason) ?? false
  }

  onBytes(client: Client, bytes: Buffer, length: number): void {
    const { acks, onPacket } = this.#conversation
    const limit = client.group.connect?.maximumPacketSize ?? MAX_PACKET_BYTES
    this.traffic?.beginRead()
    try {
      this.#conversation.begin(client, bytes)
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

  #endRead(client: Client): void {
    if (this.#received > 0) this.#out.counters.add('received', this.#received)
    this.#received = 0
    this.traffic?.endRead(client)
  }

  /** MQTT 5 §4.13.1: the server is told why; MQTT 3.1.1 §4.8 has no words for it. */
  #protest(client: Client, { reasonCode }: MalformedPacket): void {
    const { socket } = client
    if (socket && client.group.protocol === '5') {
      client.socket = null
      socket.client = null
      this.#sockets.reaper.buryAfter(writeDisconnect(reasonCode), socket)
    }
    this.#end(client, 'protocol-error', reasonCode)
  }

  // Every way to end.

  onDisconnect(client: Client, { code, serverReference }: Disconnect): void {
    this.#end(client, 'disconnect-packet', code, serverReference)
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

  /** An attempt or a connection is over, for whatever reason. */
  #end(client: Client, reason: ClientEventReason, code = -1, serverReference = ''): void {
    const wasOnline = client.state === 'online'
    const kind = wasOnline ? 'disconnected' : reason === 'connack' ? 'refused' : 'failed'
    this.#events.add(client, kind, reason, code)
    this.#out.counters.add(kind, 1)
    this.#out.counters.add(wasOnline ? 'online' : 'inFlight', -1)
    if (wasOnline) {
      this.#subscribing.lost(client)
      this.traffic?.closed(client)
    }
    this.#drop(client)
    this.#targets.turn(client, code, serverReference)
    this.#comeBack(client, reason)
    if (!wasOnline) this.#gate.leave()
  }

  #drop(client: Client): void {
    if (client.socket) {
      // Nothing that this socket still says reaches anyone.
      client.socket.client = null
      this.#sockets.reaper.bury(client.socket)
    }
    client.socket = null
    client.partial = null
    this.#deadlines.cancel(client)
  }

  #comeBack(client: Client, reason: ClientEventReason): void {
    client.state = 'gone'
    if (this.#stopping) return
    const nowMs = this.#out.clock.nowMs()
    const wait = this.#comingBack.waitAfter(client, reason, nowMs)
    if (wait === 'stop') {
      client.state = 'lost'
      this.#events.add(client, 'gave-up', 'policy-exhausted')
      this.#out.counters.add('gaveUp', 1)
      return
    }
    client.state = 'waiting'
    this.#deadlines.set(client, nowMs + wait)
  }

  #leave(client: Client): void {
    if (client.state === 'connecting' || client.state === 'asking') {
      this.#end(client, 'stopped')
      return
    }
    if (client.state === 'online') {
      this.#events.add(client, 'left', 'stopped')
      this.#out.counters.add('online', -1)
      this.#subscribing.lost(client)
      // The socket lives on until both sides have closed it, but the client hears no more of it.
      client.socket!.client = null
      client.socket!.end(this.#greeter.farewell(client))
    }
    if (client.state !== 'lost') client.state = 'gone'
  }
}
