import { MalformedPacket } from '../../codec/malformed.ts'
import { readPackets } from '../../codec/packet-stream.ts'
import type { Connack } from '../../codec/read.ts'
import { PINGREQ_BYTES } from '../../codec/write.ts'
import type { Kind, Reason } from '../../events/words.ts'
import { LossBook } from '../../policies/loss-book.ts'
import type { ReconnectPolicy } from '../../policies/policy.ts'
import { resolvePolicy } from '../../policies/resolve.ts'
import { uniform } from '../../random/uniform.ts'
import { TimerWheel } from '../../timers/timer-wheel.ts'
import type { ConnectionOwner, Dial, Route } from '../../transport/connection.ts'
import { dialFor } from '../../transport/dial.ts'
import { ConnectGate } from '../connect-gate.ts'
import type { Engine, ShardOutlets } from '../engine.ts'
import { failureReason } from '../failure-reason.ts'
import { Pump } from '../pump.ts'
import type { ShardSpec } from '../shard-spec.ts'
import { type Client, makeClient } from './client.ts'
import { Conversation, type Listener } from './conversation.ts'
import { farewell, greeting, subscription } from './greeting.ts'
import { nextPingMs, pongDeadlineMs } from './keep-alive.ts'
import { Reaper } from './reaper.ts'

/** A time-out noticed later than this after its instant was noticed late by us: the answer may lie unread in a socket. */
const LATE_MS = 100
/** Clients that say goodbye in one turn of the event loop. */
const GOODBYES_PER_TURN = 500
const NEVER = Number.POSITIVE_INFINITY

/**
 * The part of a fleet that one thread runs: the `lean` engine. Every way in which an attempt or a connection can end goes
 * through `#end`, and only the reconnect policy decides what follows.
 */
export class LeanShard implements Engine, ConnectionOwner<Client>, Listener {
  readonly #spec: ShardSpec
  readonly #out: ShardOutlets
  readonly #clients: Client[]
  readonly #dial: Dial<Client>
  readonly #policy: ReconnectPolicy
  readonly #losses: LossBook
  readonly #wheel: TimerWheel
  readonly #pump: Pump
  readonly #gate: ConnectGate<Client>
  readonly #reaper = new Reaper()
  readonly #conversation = new Conversation(this)
  #startMs = NEVER
  #arrived = 0
  #openSockets = 0
  #stopping = false
  #allClosed: (() => void) | undefined
  #drawing: Client | undefined

  constructor(spec: ShardSpec, out: ShardOutlets) {
    const { ids, index, group } = spec.clients
    this.#spec = spec
    this.#out = out
    this.#clients = ids.map((id, slot) => makeClient(slot, index[slot]!, id, spec.groups[group[slot]!]!))
    this.#dial = out.dial ?? dialFor(spec.transport)
    this.#policy = resolvePolicy(spec.reconnect)
    this.#losses = new LossBook(this.#policy, ids.length)
    this.#wheel = new TimerWheel(ids.length, out.clock.nowMs())
    this.#pump = new Pump(out.clock, this.#work, out.timers)
    this.#gate = new ConnectGate(spec.connectsInFlight, this.#open)
  }

  /** Starts the arrival schedule: its zero is `startMs` on the fleet's clock. */
  start(startMs: number): void {
    this.#startMs = startMs
    this.#pump.wakeAt(this.#nextArrivalMs())
  }

  /** Every client leaves: DISCONNECT to those online. Resolves when all sockets are closed, by force after `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true
    this.#gate.close()
    this.#pump.stop()
    for (const [i, client] of this.#clients.entries()) {
      this.#leave(client)
      if (i % GOODBYES_PER_TURN === GOODBYES_PER_TURN - 1)
        await new Promise((resolve) => setImmediate(resolve))
    }
    if (this.#openSockets === 0) return
    const closed = new Promise<void>((resolve) => (this.#allClosed = resolve))
    const force = setTimeout(() => {
      for (const client of this.#clients) client.socket?.destroy()
    }, graceMs)
    await closed
    clearTimeout(force)
  }

  // What is due.

  readonly #work = (): void => {
    while (this.#nextArrivalMs() <= this.#out.clock.nowMs()) {
      const client = this.#clients[this.#arrived]!
      const plannedMs = this.#nextArrivalMs()
      this.#arrived++
      this.#out.counters.add('scheduled', 1)
      this.#out.log.add(plannedMs * 1e6, client.index, 'scheduled')
      this.#request(client, plannedMs)
    }
    this.#wheel.advance(this.#out.clock.nowMs(), this.#onDeadline)
    this.#pump.wakeAt(Math.min(this.#nextArrivalMs(), this.#wheel.nextDueMs()))
  }

  #nextArrivalMs(): number {
    const arrivalMs = this.#spec.clients.arrivalMs[this.#arrived]
    return arrivalMs === undefined ? NEVER : this.#startMs + arrivalMs
  }

  #setDeadline(client: Client, deadlineMs: number): void {
    client.deadlineMs = deadlineMs
    this.#wheel.set(client.slot, deadlineMs)
    this.#pump.wakeAt(deadlineMs)
  }

  readonly #onDeadline = (slot: number): void => {
    const client = this.#clients[slot]!
    const nowMs = this.#out.clock.nowMs()
    const lateMs = nowMs - client.deadlineMs
    if (client.state === 'waiting') this.#request(client, client.deadlineMs)
    else if (client.state === 'online' && client.pingedMs === 0) this.#ping(client, nowMs)
    else if (lateMs > LATE_MS) this.#setDeadline(client, nowMs + lateMs)
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
    this.#event(client, 'attempt')
    this.#out.counters.add('attempts', 1)
    this.#out.counters.add('inFlight', 1)
    client.socket = this.#dial(client, this, this.#route(client))
    this.#openSockets++
    this.#setDeadline(client, this.#out.clock.nowMs() + this.#spec.connectTimeoutMs)
  }

  #route({ index }: Client): Route {
    const { targets, sourceAddresses } = this.#spec
    const target = targets[index % targets.length]!
    return sourceAddresses
      ? { ...target, localAddress: sourceAddresses[index % sourceAddresses.length]! }
      : target
  }

  onConnect(client: Client): void {
    client.state = 'asking'
    client.socket!.write(greeting(client, this.#spec))
    this.#setDeadline(client, this.#out.clock.nowMs() + this.#spec.connackTimeoutMs)
  }

  onConnack(client: Client, connack: Connack): void {
    if (connack.code !== 0) {
      this.#end(client, 'connack', connack.code)
      return
    }
    client.state = 'online'
    client.attempt = 0
    client.lastWaitMs = 0
    client.pingedMs = 0
    this.#losses.connected(client.slot, this.#out.clock.nowMs())
    this.#event(client, 'connected', '', 0, connack.sessionPresent)
    this.#out.counters.add('connected', 1)
    this.#out.counters.add('online', 1)
    this.#out.counters.add('inFlight', -1)
    this.#keepAlive(client, connack)
    this.#subscribe(client, connack)
    this.#gate.leave()
  }

  // A connection.

  /** MQTT 5 §3.2.2.3.14: the server's keep-alive, when it names one, replaces the client's. */
  #keepAlive(client: Client, { serverKeepAliveSeconds }: Connack): void {
    const seconds = serverKeepAliveSeconds < 0 ? this.#spec.keepAliveSeconds : serverKeepAliveSeconds
    client.keepAliveMs = seconds * 1000
    if (seconds === 0) this.#wheel.cancel(client.slot)
    else this.#setDeadline(client, nextPingMs(this.#out.clock.nowMs(), client.keepAliveMs))
  }

  #ping(client: Client, nowMs: number): void {
    client.pingedMs = nowMs
    client.socket!.write(PINGREQ_BYTES)
    this.#setDeadline(client, pongDeadlineMs(nowMs, client.keepAliveMs))
  }

  onPingresp(client: Client): void {
    if (client.pingedMs === 0) return
    this.#setDeadline(client, nextPingMs(client.pingedMs, client.keepAliveMs))
    client.pingedMs = 0
  }

  /** A session that is still there holds the subscription, once the broker has granted it. */
  #subscribe(client: Client, { sessionPresent }: Connack): void {
    const { subscribe } = client.group
    if (!subscribe) return
    if (sessionPresent === 0) client.subscribed = false
    if (!client.subscribed) client.socket!.write(subscription(client, subscribe))
  }

  onSuback(client: Client, granted: boolean): void {
    client.subscribed = granted
    if (!granted) this.#out.counters.add('subscribesRefused', 1)
  }

  onBytes(client: Client, bytes: Buffer, length: number): void {
    const { acks, onPacket } = this.#conversation
    try {
      client.partial = readPackets(client.partial, bytes, length, client, onPacket)
    } catch (error) {
      if (!(error instanceof MalformedPacket)) throw error
      acks.clear()
      this.#end(client, 'protocol-error')
      return
    }
    if (client.socket) acks.flush(client.socket)
    else acks.clear()
  }

  // Every way to end.

  onDisconnect(client: Client, code: number): void {
    this.#end(client, 'disconnect-packet', code)
  }

  onFin(client: Client): void {
    this.#end(client, 'closed')
  }

  onError(client: Client, error: NodeJS.ErrnoException): void {
    this.#end(client, failureReason(error, client.state === 'connecting'))
  }

  onSocketGone(): void {
    this.#openSockets--
    if (this.#openSockets === 0) this.#allClosed?.()
  }

  /** An attempt or a connection is over, for whatever reason. */
  #end(client: Client, reason: Reason, code = -1): void {
    const wasOnline = client.state === 'online'
    const kind = wasOnline ? 'disconnected' : reason === 'connack' ? 'refused' : 'failed'
    this.#event(client, kind, reason, code)
    this.#out.counters.add(kind, 1)
    this.#out.counters.add(wasOnline ? 'online' : 'inFlight', -1)
    this.#drop(client)
    this.#comeBack(client, reason)
    if (!wasOnline) this.#gate.leave()
  }

  #drop(client: Client): void {
    if (client.socket) {
      // Nothing that this socket still says reaches anyone.
      client.socket.client = null
      this.#reaper.bury(client.socket)
    }
    client.socket = null
    client.partial = null
    this.#wheel.cancel(client.slot)
  }

  #comeBack(client: Client, reason: Reason): void {
    client.state = 'gone'
    if (this.#stopping) return
    client.attempt++
    this.#drawing = client
    const loss = this.#losses.lost(client.slot, this.#out.clock.nowMs(), reason)
    const wait = this.#policy.nextWait(client.attempt, client.lastWaitMs, this.#draw, loss)
    if (wait === 'stop') {
      client.state = 'lost'
      this.#event(client, 'gave-up', 'policy-exhausted')
      this.#out.counters.add('gaveUp', 1)
      return
    }
    client.state = 'waiting'
    client.lastWaitMs = wait
    this.#setDeadline(client, this.#out.clock.nowMs() + wait)
  }

  readonly #draw = (): number => {
    const client = this.#drawing!
    return uniform(this.#spec.seed, client.index, client.draws++)
  }

  #leave(client: Client): void {
    if (client.state === 'connecting' || client.state === 'asking') {
      this.#end(client, 'stopped')
      return
    }
    if (client.state === 'online') {
      this.#event(client, 'left', 'stopped')
      this.#out.counters.add('online', -1)
      // The socket lives on until both sides have closed it, but the client hears no more of it.
      client.socket!.client = null
      client.socket!.end(farewell(client, this.#spec))
    }
    if (client.state !== 'lost') client.state = 'gone'
  }

  #event(client: Client, kind: Kind, reason: Reason = '', code = -1, sessionPresent = -1): void {
    this.#out.log.add(this.#out.clock.nowMs() * 1e6, client.index, kind, reason, code, sessionPresent)
  }
}
