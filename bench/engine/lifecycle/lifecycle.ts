import type { ClientEventKind, ClientEventReason } from '#weir/facts/index.ts'
import type { Route } from '../../transport/connection.ts'
import type { ShardOutlets } from '../engine.ts'
import type { ShardSpec } from '../shard-spec.ts'
import { Arrivals } from './arrivals.ts'
import { Churn } from './churn.ts'
import { ConnectGate } from './connect-gate.ts'
import { Deadlines } from './deadlines.ts'
import type { Driver } from './driver.ts'
import type { FleetClient } from './fleet-client.ts'
import { Reconnect } from './reconnect.ts'
import { Targets } from './targets.ts'

/** A time-out noticed this much after its instant is our delay: the answer may be waiting in a socket, unread. */
const LATE_MS = 100
/** Clients that leave in one turn of the event loop. */
const LEAVING_PER_TURN = 500

/** TCP sends a SYN again after a second without an answer (RFC 6298 §2.1): the listen backlog was full, or a packet was lost. */
export function isSlowHandshake(tookMs: number): boolean {
  return tookMs >= 1000
}

/**
 * The life of a shard's clients: arrival, attempts, time-outs, reconnects and leaving, with their events and counters. Every way in
 * which an attempt or a connection can end goes through `end`, and only the reconnect policy decides what follows.
 */
export class Lifecycle<Client extends FleetClient> {
  readonly deadlines: Deadlines<Client>
  readonly #spec: ShardSpec
  readonly #out: ShardOutlets
  readonly #clients: readonly Client[]
  readonly #driver: Driver<Client>
  readonly #targets: Targets
  readonly #reconnect: Reconnect
  readonly #arrivals: Arrivals
  readonly #gate: ConnectGate<Client>
  readonly #churn: Churn<Client> | undefined
  #stopping = false

  constructor(spec: ShardSpec, out: ShardOutlets, clients: readonly Client[], driver: Driver<Client>) {
    this.#spec = spec
    this.#out = out
    this.#clients = clients
    this.#driver = driver
    this.#targets = new Targets(spec, out.log)
    this.#reconnect = new Reconnect(spec)
    this.#arrivals = new Arrivals(spec.clients)
    this.deadlines = new Deadlines(clients, out, this.#beforeDue, this.#onDeadline)
    const { deadlines } = this
    const wakeAt = (dueMs: number) => deadlines.wakeAt(dueMs)
    this.#churn =
      spec.churn && new Churn(spec.churn, clients, { clock: out.clock, leave: this.#part, wakeAt })
    this.#gate = new ConnectGate(spec.connectsInFlight, this.#open)
  }

  /** See Engine.start. */
  start(startMs: number): void {
    this.#arrivals.begin(startMs)
    this.deadlines.wakeAt(this.#arrivals.nextMs())
  }

  /** Every client leaves. Resolves when all have sent their DISCONNECT; connections may still be closing. */
  async leave(): Promise<void> {
    this.#stopping = true
    this.#driver.traffic?.end()
    this.#gate.close()
    this.#targets.close()
    this.deadlines.stop()
    for (const [i, client] of this.#clients.entries()) {
      this.#leave(client)
      if (i % LEAVING_PER_TURN === LEAVING_PER_TURN - 1) await new Promise((resolve) => setImmediate(resolve))
    }
  }

  // What is due.

  readonly #beforeDue = (): number => {
    this.#arrivals.advance(this.#out.clock, this.#arrive)
    const nextMs = Math.min(this.#arrivals.nextMs(), this.#churn?.advance() ?? Number.POSITIVE_INFINITY)
    return this.#driver.traffic ? Math.min(nextMs, this.#driver.traffic.advance()) : nextMs
  }

  /** The event has the planned instant, whenever it is noticed. */
  readonly #arrive = (slot: number, plannedMs: number): void => {
    const client = this.#clients[slot]!
    this.#recordAt(plannedMs, client, 'scheduled', '', -1, -1)
    this.#out.counters.add('scheduled', 1)
    this.#churn?.arrived(client, plannedMs)
    this.#request(client, plannedMs)
  }

  readonly #onDeadline = (client: Client): void => {
    const nowMs = this.#out.clock.nowMs()
    const lateMs = nowMs - client.deadlineMs
    if (client.state === 'waiting') this.#request(client, client.deadlineMs)
    else if (client.state === 'online' && this.#driver.ping?.(client, nowMs)) return
    else if (lateMs > LATE_MS) this.deadlines.set(client, nowMs + lateMs)
    else if (client.state === 'connecting') this.end(client, 'connect-timeout')
    else if (client.state === 'accepting') this.end(client, 'connack-timeout')
    else if (client.state === 'online') this.end(client, 'keepalive-timeout')
  }

  // An attempt.

  /** The lag ends here: waiting for room in flight is caused by the broker, not by this machine. */
  #request(client: Client, plannedMs: number): void {
    const lagMs = this.#out.clock.nowMs() - plannedMs
    this.#out.lag.record(Math.max(1, Math.round(lagMs * 1000)))
    client.state = 'queued'
    this.#gate.enter(client)
  }

  readonly #open = (client: Client): void => {
    client.gated = true
    this.#driver.open(client)
  }

  began(client: Client): void {
    client.state = 'connecting'
    client.attempts++
    this.#record(client, 'attempt')
    this.#out.counters.add('attempts', 1)
    this.#out.counters.add('inFlight', 1)
    this.deadlines.set(client, this.#out.clock.nowMs() + this.#spec.connectTimeoutMs)
  }

  /** The target of the current attempt. */
  routeOf(client: Client): Route {
    return this.#targets.routeOf(client)
  }

  /** TCP is open; TLS and WebSocket handshakes may follow. */
  tcpOpen(client: Client): void {
    if (client.state !== 'connecting') return
    // The deadline is still that of the connect, from which its start follows.
    const tookMs = this.#out.clock.nowMs() - (client.deadlineMs - this.#spec.connectTimeoutMs)
    if (isSlowHandshake(tookMs)) this.#out.counters.add('slowHandshakes', 1)
  }

  /** The transport is open: a CONNACK is due. */
  transportOpen(client: Client): void {
    if (client.state !== 'connecting') return
    client.state = 'accepting'
    this.deadlines.set(client, this.#out.clock.nowMs() + this.#spec.connackTimeoutMs)
  }

  /** CONNACK 0. The deadline that is set is still that of the CONNACK. */
  connected(client: Client, sessionPresent: boolean): void {
    client.state = 'online'
    this.#reconnect.connected(client, this.#out.clock.nowMs())
    this.#record(client, 'connected', '', 0, sessionPresent ? 1 : 0, this.#driver.localPort(client))
    this.#out.counters.add('connected', 1)
    this.#out.counters.add('online', 1)
    this.#out.counters.add('inFlight', -1)
    if (!sessionPresent) client.subscribed = false
    if (client.subscribed) this.#out.counters.add('subscribed', 1)
    this.#leaveGate(client)
    this.#churn?.online(client)
  }

  // Subscriptions.

  /** A SUBSCRIBE is sent. */
  subscribing(client: Client): void {
    client.subackDue = true
  }

  /** Every SUBACK of this connection granted what was requested. */
  granted(client: Client): void {
    client.subscribed = true
    client.subackDue = false
    this.#record(client, 'subscribed')
    this.#out.counters.add('subscribed', 1)
  }

  /** The first refusal of this connection; `code` is -1 for a SUBSCRIBE that was not sent. */
  refused(client: Client, code: number): void {
    client.subackDue = false
    this.#record(client, 'subscribe-refused', '', code)
    this.#out.counters.add('subscribesRefused', 1)
  }

  // Every way to end.

  /** An attempt or a connection is over. What is over already stays so. */
  end(client: Client, reason: ClientEventReason, code = -1, serverReference = ''): void {
    const wasOnline = client.state === 'online'
    if (!wasOnline && client.state !== 'accepting' && client.state !== 'connecting') return
    const kind = wasOnline ? 'disconnected' : reason === 'connack' ? 'refused' : 'failed'
    this.#noteSubackDue(client)
    this.#record(client, kind, reason, code)
    this.#out.counters.add(kind, 1)
    if (wasOnline) this.#offline(client)
    else this.#out.counters.add('inFlight', -1)
    this.deadlines.cancel(client)
    if (kind === 'failed') this.#targets.missed(client)
    this.#targets.turn(client, code, serverReference)
    client.ended = reason
    client.state = 'closing'
    if (this.#driver.drop(client, reason)) this.closed(client)
    this.#leaveGate(client)
  }

  /** The connection of a client is closed: the policy decides when it reconnects. */
  closed(client: Client): void {
    if (client.state !== 'closing') return
    client.state = 'gone'
    if (this.#stopping) return
    if (this.#churn) {
      client.state = 'waiting'
      this.deadlines.set(client, this.#churn.nextTurnMs(client))
      return
    }
    const nowMs = this.#out.clock.nowMs()
    const wait = this.#reconnect.waitAfter(client, client.ended, nowMs)
    if (wait === 'stop') {
      client.state = 'lost'
      this.#record(client, 'gave-up', 'policy-exhausted')
      this.#out.counters.add('gaveUp', 1)
      return
    }
    client.state = 'waiting'
    if (!this.#driver.ownReconnect) this.deadlines.set(client, nowMs + wait)
  }

  #noteSubackDue(client: Client): void {
    if (client.subackDue) this.#record(client, 'subscribe-unanswered')
    client.subackDue = false
  }

  #offline(client: Client): void {
    this.#out.counters.add('online', -1)
    if (client.subscribed) this.#out.counters.add('subscribed', -1)
    this.#driver.traffic?.closed(client)
    this.#churn?.offline(client)
  }

  readonly #part = (client: Client): void => {
    this.#noteSubackDue(client)
    this.#record(client, 'left', '', -1, -1, this.#driver.localPort(client))
    this.#offline(client)
    this.deadlines.cancel(client)
    client.state = 'closing'
    if (this.#driver.part(client)) this.closed(client)
  }

  #leave(client: Client): void {
    const wasOnline = client.state === 'online'
    client.left = wasOnline
    if (wasOnline) {
      this.#noteSubackDue(client)
      // Read again: the same port shows that it is the connection of before.
      this.#record(client, 'left', 'stopped', -1, -1, this.#driver.localPort(client))
      this.#offline(client)
    } else this.end(client, 'stopped')
    this.#driver.leave(client, wasOnline)
    if (client.state !== 'lost') client.state = 'gone'
  }

  #leaveGate(client: Client): void {
    if (!client.gated) return
    client.gated = false
    this.#gate.leave()
  }

  #record(
    client: Client,
    kind: ClientEventKind,
    reason: ClientEventReason = '',
    code = -1,
    sessionPresent = -1,
    localPort = 0,
  ): void {
    this.#recordAt(this.#out.clock.nowMs(), client, kind, reason, code, sessionPresent, localPort)
  }

  #recordAt(
    tMs: number,
    client: Client,
    kind: ClientEventKind,
    reason: ClientEventReason,
    code: number,
    sessionPresent: number,
    localPort = 0,
  ): void {
    this.#out.log.add(tMs * 1e6, client.index, kind, reason, code, sessionPresent, client.target, localPort)
  }
}
