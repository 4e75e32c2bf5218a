import type { IConnackPacket, IDisconnectPacket, IPublishPacket, MqttClient, Packet } from 'mqtt'
import type { ClientEventReason } from '#weir/facts/index.ts'
import { topicOf } from '../../traffic/topic.ts'
import { Arrivals } from '../arrivals.ts'
import { ClientEvents } from '../client-events.ts'
import { ComingBack } from '../coming-back.ts'
import { ConnectGate } from '../connect-gate.ts'
import { Deadlines } from '../deadlines.ts'
import type { Engine, ShardOutlets } from '../engine.ts'
import { sessionExpirySeconds } from '../session-expiry.ts'
import type { ShardSpec } from '../shard-spec.ts'
import { countSlowHandshake } from '../slow-handshake.ts'
import { Targets } from '../targets.ts'
import { type Client, makeClient } from './client.ts'
import { willOptions } from './connect-properties.ts'
import { errorNumber, errorReason } from './error-reason.ts'
import { listen, type Owner, watchStream } from './listeners.ts'
import { MqttjsTraffic } from './mqttjs-traffic.ts'
import { clientOptions } from './options.ts'
import { type OwnReconnect, ownReconnect } from './own-reconnect.ts'
import { subscribeAll } from './subscribing.ts'
import { makeMqttClient, transportOptions } from './transport.ts'

/** A time-out noticed later than this after its instant was noticed late by us: the answer may lie unread in a socket. */
const LATE_MS = 100
const NO_PAYLOAD = Buffer.alloc(0)

/**
 * The `mqttjs` engine: one `MqttClient` of the mqtt package for each client, used as an application uses it. The shard says when
 * an attempt is made (but see `ownReconnect`) and writes down what came of it; all MQTT is the package's.
 */
export class MqttjsShard implements Engine, Owner {
  readonly traffic: MqttjsTraffic | undefined
  readonly #spec: ShardSpec
  readonly #out: ShardOutlets
  readonly #clients: Client[]
  readonly #own: OwnReconnect
  readonly #events: ClientEvents
  readonly #targets: Targets
  readonly #comingBack: ComingBack
  readonly #arrivals: Arrivals
  readonly #deadlines: Deadlines<Client>
  readonly #gate: ConnectGate<Client>
  #openStreams = 0
  #stopping = false
  #allClosed: (() => void) | undefined

  constructor(spec: ShardSpec, out: ShardOutlets) {
    const { ids, index, group } = spec.clients
    this.#spec = spec
    this.#out = out
    this.#clients = ids.map((id, slot) => {
      const home = index[slot]! % spec.targets.length
      return makeClient(slot, index[slot]!, id, spec.groups[group[slot]!]!, home)
    })
    this.#own = ownReconnect(spec.reconnect)
    this.#events = new ClientEvents(out)
    this.#targets = new Targets(spec, out.log)
    this.#comingBack = new ComingBack(spec)
    this.#arrivals = new Arrivals(spec.clients)
    this.#deadlines = new Deadlines(this.#clients, out, this.#whatIsDue, this.#onDeadline)
    this.#gate = new ConnectGate(spec.connectsInFlight, this.#open)
    this.traffic =
      spec.traffic &&
      new MqttjsTraffic(spec, spec.traffic, this.#clients, out, (dueMs) => this.#deadlines.wakeAt(dueMs))
  }

  start(startMs: number): void {
    this.#arrivals.begin(startMs)
    this.#deadlines.wakeAt(this.#arrivals.nextMs())
  }

  async stop(graceMs: number): Promise<void> {
    this.#stopping = true
    this.traffic?.end()
    this.#gate.close()
    this.#deadlines.stop()
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

  readonly #whatIsDue = (): number => {
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
    else if (lateMs > LATE_MS) this.#deadlines.set(client, nowMs + lateMs)
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
    const route = this.#targets.routeOf(client)
    const options = clientOptions(client, this.#spec, route, this.#own, this.#will(client))
    const mqtt = makeMqttClient(options, () => this.onTransport(client))
    client.mqtt = mqtt
    listen(mqtt, client, this)
    watchStream(mqtt, client, this)
  }

  #begin(client: Client): void {
    client.state = 'connecting'
    client.failure = ''
    client.failureNumber = -1
    client.attempts++
    this.#openStreams++
    this.#events.add(client, 'attempt')
    this.#out.counters.add('attempts', 1)
    this.#out.counters.add('inFlight', 1)
    this.#deadlines.set(client, this.#out.clock.nowMs() + this.#spec.connectTimeoutMs)
  }

  /** The package begins an attempt, by its own timer or because it was told to; it makes the stream within this turn. */
  onReconnect(client: Client, mqtt: MqttClient): void {
    this.#begin(client)
    const will = this.#will(client)
    if (will) mqtt.options.will = will
    Object.assign(mqtt.options, transportOptions(this.#targets.routeOf(client), this.#spec.transport))
    process.nextTick(watchStream, mqtt, client, this)
  }

  onTcp(client: Client): void {
    if (client.state !== 'connecting') return
    countSlowHandshake(client, this.#out.clock.nowMs(), this.#spec.connectTimeoutMs, this.#out.counters)
  }

  onTransport(client: Client): void {
    if (client.state !== 'connecting') return
    client.state = 'asking'
    this.#deadlines.set(client, this.#out.clock.nowMs() + this.#spec.connackTimeoutMs)
  }

  onPacket(client: Client, packet: Packet): void {
    if (packet.cmd === 'connack') this.#onConnack(client, packet)
    else if (packet.cmd === 'publish') this.#out.counters.add('received', 1)
    else if (packet.cmd === 'disconnect') this.#onDisconnect(client, packet)
  }

  #onConnack(client: Client, { reasonCode, returnCode, sessionPresent, properties }: IConnackPacket): void {
    if (client.state !== 'asking' && client.state !== 'connecting') return
    const code = (client.group.protocol === '5' ? (reasonCode ?? returnCode) : returnCode) ?? 0
    if (code !== 0) {
      this.#over(client, 'connack', code, properties?.serverReference)
      return
    }
    client.state = 'online'
    this.#deadlines.cancel(client)
    this.#comingBack.connected(client, this.#out.clock.nowMs())
    this.#events.add(client, 'connected', '', 0, sessionPresent ? 1 : 0)
    this.#out.counters.add('connected', 1)
    this.#out.counters.add('online', 1)
    this.#out.counters.add('inFlight', -1)
    this.traffic?.opened(client, sessionPresent)
    if (!sessionPresent) client.subscribed = false
    if (client.subscribed) this.#out.counters.add('subscribed', 1)
    this.#leaveGate(client)
  }

  #onDisconnect(client: Client, { reasonCode = 0, properties }: IDisconnectPacket): void {
    this.#over(client, 'disconnect-packet', reasonCode, properties?.serverReference)
  }

  /** The package has taken note of the connection: it sends what it is given from here on. */
  onReady(client: Client, mqtt: MqttClient): void {
    if (client.state !== 'online') return
    const { username, fleetClients } = this.#spec
    const topicOwner = { index: client.index, clientId: client.id, username, fleetClients }
    if (!client.subscribed) subscribeAll(client, mqtt, this, topicOwner)
    this.traffic?.ready(client, mqtt)
  }

  onSubscribed(client: Client, refusal: number | undefined): void {
    if (client.state !== 'online' || client.subscribed) return
    if (refusal !== undefined) {
      this.#events.add(client, 'subscribe-refused', '', refusal)
      this.#out.counters.add('subscribesRefused', 1)
      return
    }
    client.subscribed = true
    this.#events.add(client, 'subscribed')
    this.#out.counters.add('subscribed', 1)
    this.traffic?.subscribed(client)
  }

  onMessage(client: Client, topic: string, payload: Buffer, packet: IPublishPacket): void {
    if (client.state === 'online') this.traffic?.message(client, topic, payload, packet)
  }

  // Every way to end.

  /** The package goes on after an error of its parser; what cannot be understood is broken off here, as an application would. */
  onError(client: Client, error: Error): void {
    const reason = errorReason(error, client.state === 'connecting')
    if (client.failure === '') {
      client.failure = reason
      client.failureNumber = errorNumber(error)
    }
    if (reason === 'protocol-error') client.mqtt?.stream.destroy()
  }

  #giveUpOn(client: Client, reason: ClientEventReason): void {
    client.failure = reason
    client.mqtt!.stream.destroy()
  }

  onClose(client: Client): void {
    this.#openStreams--
    this.#over(client, client.failure || 'closed', client.failureNumber)
    if (client.state === 'closing') this.#comeBack(client)
    if (this.#openStreams === 0) this.#allClosed?.()
  }

  /** An attempt or a connection is over; its stream may still be closing. What is over already stays so. */
  #over(client: Client, reason: ClientEventReason, code = -1, serverReference = ''): void {
    const wasOnline = client.state === 'online'
    if (!wasOnline && client.state !== 'asking' && client.state !== 'connecting') return
    const kind = wasOnline ? 'disconnected' : reason === 'connack' ? 'refused' : 'failed'
    this.#events.add(client, kind, reason, code)
    this.#out.counters.add(kind, 1)
    this.#out.counters.add(wasOnline ? 'online' : 'inFlight', -1)
    if (wasOnline) this.#offline(client)
    this.#deadlines.cancel(client)
    this.#targets.turn(client, code, serverReference)
    client.ended = reason
    client.state = 'closing'
    this.#leaveGate(client)
  }

  #offline(client: Client): void {
    if (client.subscribed) this.#out.counters.add('subscribed', -1)
    this.traffic?.closed(client)
  }

  #leaveGate(client: Client): void {
    if (!client.gated) return
    client.gated = false
    this.#gate.leave()
  }

  #comeBack(client: Client): void {
    client.state = 'gone'
    if (this.#stopping) return
    const nowMs = this.#out.clock.nowMs()
    const wait = this.#comingBack.waitAfter(client, client.ended, nowMs)
    if (wait === 'stop') {
      client.state = 'lost'
      this.#events.add(client, 'gave-up', 'policy-exhausted')
      this.#out.counters.add('gaveUp', 1)
      return
    }
    client.state = 'waiting'
    if (this.#own.reconnectPeriod === 0) this.#deadlines.set(client, nowMs + wait)
  }

  #leave(client: Client): void {
    const { mqtt, state } = client
    if (state === 'online') {
      this.#events.add(client, 'left', 'stopped')
      this.#out.counters.add('online', -1)
      this.#offline(client)
      this.#sayGoodbye(client, mqtt!)
    } else {
      this.#over(client, 'stopped')
      mqtt?.end(true)
    }
    if (state !== 'lost') client.state = 'gone'
  }

  /** The package holds its DISCONNECT back until everything in flight is acknowledged: nobody waits for that here. */
  #sayGoodbye({ group }: Client, mqtt: MqttClient): void {
    for (const id of Object.keys(mqtt.outgoing)) mqtt.removeOutgoingMessage(Number(id))
    const v5 = group.protocol === '5'
    const endsSession = this.#spec.endSessions && v5 && sessionExpirySeconds(group) > 0
    mqtt.end(false, endsSession ? { properties: { sessionExpiryInterval: 0 } } : {})
  }

  #will(client: Client) {
    const { will, protocol } = client.group
    if (!will) return undefined
    const { username, fleetClients } = this.#spec
    const topic = topicOf(will.topic, { index: client.index, clientId: client.id, username, fleetClients })
    const payload =
      will.message === undefined
        ? (this.traffic?.willPayload(client) ?? NO_PAYLOAD)
        : Buffer.from(will.message)
    return willOptions(will, topic, payload, protocol === '5')
  }
}
