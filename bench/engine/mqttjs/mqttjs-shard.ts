import type { IConnackPacket, MqttClient, Packet } from 'mqtt'
import type { Kind, Reason } from '../../events/words.ts'
import { LossBook } from '../../policies/loss-book.ts'
import type { ReconnectPolicy } from '../../policies/policy.ts'
import { resolvePolicy } from '../../policies/resolve.ts'
import { uniform } from '../../random/uniform.ts'
import { TimerWheel } from '../../timers/timer-wheel.ts'
import type { TopicOwner } from '../../traffic/topic.ts'
import { ConnectGate } from '../connect-gate.ts'
import type { Engine, ShardOutlets } from '../engine.ts'
import { Pump } from '../pump.ts'
import type { ShardSpec } from '../shard-spec.ts'
import { type Client, makeClient } from './client.ts'
import { sessionExpirySeconds } from './connect-properties.ts'
import { errorReason } from './error-reason.ts'
import { listen, type Owner, watchStream } from './listeners.ts'
import { clientOptions } from './options.ts'
import { type OwnReconnect, ownReconnect } from './own-reconnect.ts'
import { subscribeAll } from './subscribing.ts'
import { makeMqttClient } from './transport.ts'

/** A time-out noticed later than this after its instant was noticed late by us: the answer may lie unread in a socket. */
const LATE_MS = 100
const NEVER = Number.POSITIVE_INFINITY

/**
 * The `mqttjs` engine: one `MqttClient` of the mqtt package for each client, used as an application uses it. The shard says when
 * an attempt is made (but see `ownReconnect`) and writes down what came of it; all MQTT is the package's.
 */
export class MqttjsShard implements Engine, Owner {
  readonly #spec: ShardSpec
  readonly #out: ShardOutlets
  readonly #clients: Client[]
  readonly #own: OwnReconnect
  readonly #policy: ReconnectPolicy
  readonly #losses: LossBook
  readonly #wheel: TimerWheel
  readonly #pump: Pump
  readonly #gate: ConnectGate<Client>
  #startMs = NEVER
  #arrived = 0
  #openStreams = 0
  #stopping = false
  #allClosed: (() => void) | undefined

  constructor(spec: ShardSpec, out: ShardOutlets) {
    const { ids, index, group } = spec.clients
    this.#spec = spec
    this.#out = out
    this.#clients = ids.map((id, slot) => makeClient(slot, index[slot]!, id, spec.groups[group[slot]!]!))
    this.#own = ownReconnect(spec.reconnect)
    this.#policy = resolvePolicy(spec.reconnect)
    this.#losses = new LossBook(this.#policy, ids.length)
    this.#wheel = new TimerWheel(ids.length, out.clock.nowMs())
    this.#pump = new Pump(out.clock, this.#work, out.timers)
    this.#gate = new ConnectGate(spec.connectsInFlight, this.#open)
  }

  start(startMs: number): void {
    this.#startMs = startMs
    this.#pump.wakeAt(this.#nextArrivalMs())
  }

  async stop(graceMs: number): Promise<void> {
    this.#stopping = true
    this.#gate.close()
    this.#pump.stop()
    for (const client of this.#clients) this.#leave(client)
    if (this.#openStreams === 0) return
    const closed = new Promise<void>((resolve) => (this.#allClosed = resolve))
    const force = setTimeout(() => {
      for (const { mqtt } of this.#clients) mqtt?.stream.destroy()
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
    else if (lateMs > LATE_MS) this.#setDeadline(client, nowMs + lateMs)
    else if (client.state === 'connecting') this.#giveUpOn(client, 'connect-timeout')
    else if (client.state === 'asking') this.#giveUpOn(client, 'connack-timeout')
  }

  // An attempt.

  #request(client: Client, plannedMs: number): void {
    const lagMs = this.#out.clock.nowMs() - plannedMs
    this.#out.lag.record(Math.max(1, Math.round(lagMs * 1000)))
    client.state = 'queued'
    this.#gate.enter(client)
  }

  readonly #open = (client: Client): void => {
    client.gated = true
    if (client.mqtt) {
      // With its stores: what is in flight of a session is sent again.
      const { incomingStore, outgoingStore } = client.mqtt
      client.mqtt.reconnect({ incomingStore, outgoingStore })
      return
    }
    this.#begin(client)
    client.mqtt = makeMqttClient(clientOptions(client, this.#spec, this.#own), () => this.onTransport(client))
    listen(client.mqtt, client, this)
    watchStream(client.mqtt, client, this)
  }

  #begin(client: Client): void {
    client.state = 'connecting'
    client.failure = ''
    this.#openStreams++
    this.#event(client, 'attempt')
    this.#out.counters.add('attempts', 1)
    this.#out.counters.add('inFlight', 1)
    this.#setDeadline(client, this.#out.clock.nowMs() + this.#spec.connectTimeoutMs)
  }

  /** The package begins an attempt, by its own timer or because it was told to; the stream is made within this turn. */
  onReconnect(client: Client, mqtt: MqttClient): void {
    this.#begin(client)
    process.nextTick(watchStream, mqtt, client, this)
  }

  onTransport(client: Client): void {
    if (client.state !== 'connecting') return
    client.state = 'asking'
    this.#setDeadline(client, this.#out.clock.nowMs() + this.#spec.connackTimeoutMs)
  }

  onPacket(client: Client, packet: Packet): void {
    if (packet.cmd === 'connack') this.#onConnack(client, packet)
    else if (packet.cmd === 'publish') this.#out.counters.add('received', 1)
    else if (packet.cmd === 'disconnect') this.#over(client, 'disconnect-packet', packet.reasonCode ?? 0)
  }

  #onConnack(client: Client, { reasonCode, returnCode, sessionPresent }: IConnackPacket): void {
    if (client.state !== 'asking' && client.state !== 'connecting') return
    const code = (client.group.protocol === '5' ? reasonCode : returnCode) ?? 0
    if (code !== 0) {
      this.#over(client, 'connack', code)
      return
    }
    client.state = 'online'
    client.attempt = 0
    client.lastWaitMs = 0
    if (!sessionPresent) client.subscribed = false
    if (client.subscribed) this.#out.counters.add('subscribed', 1)
    this.#wheel.cancel(client.slot)
    this.#losses.connected(client.slot, this.#out.clock.nowMs())
    this.#event(client, 'connected', '', 0, sessionPresent ? 1 : 0)
    this.#out.counters.add('connected', 1)
    this.#out.counters.add('online', 1)
    this.#out.counters.add('inFlight', -1)
    this.#leaveGate(client)
  }

  /** The package has taken note of the connection: it sends what it is given from here on. */
  onReady(client: Client, mqtt: MqttClient): void {
    if (client.state === 'online' && !client.subscribed) {
      subscribeAll(client, mqtt, this, this.#topicOwner(client))
    }
  }

  #topicOwner({ index, id }: Client): TopicOwner {
    const { username, fleetClients } = this.#spec
    return { index, clientId: id, username, fleetClients }
  }

  onSubscribed(client: Client, granted: boolean): void {
    if (client.state !== 'online') return
    if (!granted) this.#out.counters.add('subscribesRefused', 1)
    else if (!client.subscribed) {
      client.subscribed = true
      this.#out.counters.add('subscribed', 1)
    }
  }

  // Every way to end.

  /** The package goes on after an error where it can; a stream that cannot be understood is broken off, as no error but its own would. */
  onError(client: Client, error: Error): void {
    const reason = errorReason(error, client.state === 'connecting')
    if (client.failure === '') client.failure = reason
    if (reason === 'protocol-error') client.mqtt?.stream.destroy()
  }

  #giveUpOn(client: Client, reason: Reason): void {
    client.failure = reason
    client.mqtt!.stream.destroy()
  }

  onClose(client: Client): void {
    this.#openStreams--
    if (client.state === 'online' || client.state === 'asking' || client.state === 'connecting')
      this.#over(client, client.failure || 'closed')
    if (client.state === 'closing') this.#comeBack(client)
    if (this.#openStreams === 0) this.#allClosed?.()
  }

  /** An attempt or a connection is over; its stream may still be closing. */
  #over(client: Client, reason: Reason, code = -1): void {
    const wasOnline = client.state === 'online'
    if (!wasOnline && client.state !== 'asking' && client.state !== 'connecting') return
    const kind = wasOnline ? 'disconnected' : reason === 'connack' ? 'refused' : 'failed'
    this.#event(client, kind, reason, code)
    this.#out.counters.add(kind, 1)
    this.#out.counters.add(wasOnline ? 'online' : 'inFlight', -1)
    if (wasOnline && client.subscribed) this.#out.counters.add('subscribed', -1)
    this.#wheel.cancel(client.slot)
    client.ended = reason
    client.state = 'closing'
    this.#leaveGate(client)
  }

  #leaveGate(client: Client): void {
    if (!client.gated) return
    client.gated = false
    this.#gate.leave()
  }

  #comeBack(client: Client): void {
    client.state = 'gone'
    if (this.#stopping) return
    client.attempt++
    const loss = this.#losses.lost(client.slot, this.#out.clock.nowMs(), client.ended)
    const draw = () => uniform(this.#spec.seed, client.index, client.draws++)
    const wait = this.#policy.nextWait(client.attempt, client.lastWaitMs, draw, loss)
    if (wait === 'stop') {
      client.state = 'lost'
      this.#event(client, 'gave-up', 'policy-exhausted')
      this.#out.counters.add('gaveUp', 1)
      return
    }
    client.state = 'waiting'
    client.lastWaitMs = wait
    if (this.#own.reconnectPeriod === 0) this.#setDeadline(client, this.#out.clock.nowMs() + wait)
  }

  #leave(client: Client): void {
    const { mqtt, state } = client
    if (state === 'connecting' || state === 'asking') {
      this.#over(client, 'stopped')
      client.state = 'gone'
      mqtt?.end(true)
      return
    }
    if (state === 'online') {
      this.#event(client, 'left', 'stopped')
      this.#out.counters.add('online', -1)
      if (client.subscribed) this.#out.counters.add('subscribed', -1)
      this.#sayGoodbye(client, mqtt!)
    } else mqtt?.end(true)
    if (state !== 'lost') client.state = 'gone'
  }

  /** The package would hold its DISCONNECT back until everything in flight is acknowledged: nobody waits for that here. */
  #sayGoodbye({ group }: Client, mqtt: MqttClient): void {
    const v5 = group.protocol === '5'
    const endsSession = this.#spec.endSessions && v5 && sessionExpirySeconds(group) > 0
    mqtt.end(false, endsSession ? { properties: { sessionExpiryInterval: 0 } } : {})
  }

  #event(client: Client, kind: Kind, reason: Reason = '', code = -1, sessionPresent = -1): void {
    this.#out.log.add(this.#out.clock.nowMs() * 1e6, client.index, kind, reason, code, sessionPresent)
  }
}
