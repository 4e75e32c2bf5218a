import type { IConnackPacket, IPublishPacket, MqttClient, Packet } from 'mqtt'
import type { ClientEventReason } from '#weir/facts/index.ts'
import { topicOf } from '../../traffic/topic.ts'
import { dialFor } from '../../transport/dial.ts'
import type { EndedSessions } from '../../types.ts'
import { endSessions } from '../end-sessions.ts'
import type { Engine, ShardOutlets } from '../engine.ts'
import type { Driver } from '../lifecycle/driver.ts'
import { topicOwner } from '../lifecycle/fleet-client.ts'
import { Lifecycle } from '../lifecycle/lifecycle.ts'
import { sessionExpirySeconds } from '../session-expiry.ts'
import type { ShardSpec } from '../shard-spec.ts'
import { Client } from './client.ts'
import { willOptions } from './connect-properties.ts'
import { errorNumber, errorReason, listen, type Owner, watchStream } from './listeners.ts'
import { MqttjsTraffic } from './mqttjs-traffic.ts'
import { clientOptions, type OwnReconnect, ownReconnect } from './options.ts'
import { subscribeAll } from './subscribing.ts'
import { makeMqttClient, transportOptions } from './transport.ts'

const NO_PAYLOAD = Buffer.alloc(0)

/**
 * The `mqttjs` engine: one `MqttClient` of the mqtt package for each client, used as an application uses it. The lifecycle decides when
 * an attempt starts (but see `ownReconnect`); all MQTT is the package's.
 */
export class MqttjsShard implements Engine, Driver<Client>, Owner {
  readonly traffic: MqttjsTraffic | undefined
  readonly ownReconnect: boolean
  readonly #spec: ShardSpec
  readonly #out: ShardOutlets
  readonly #clients: Client[]
  readonly #own: OwnReconnect
  readonly #lifecycle: Lifecycle<Client>
  #openStreams = 0
  #allClosed: (() => void) | undefined

  constructor(spec: ShardSpec, out: ShardOutlets) {
    this.#spec = spec
    this.#out = out
    this.#clients = spec.clients.ids.map((_, slot) => new Client(spec, slot))
    this.#own = ownReconnect(spec.reconnect)
    this.ownReconnect = this.#own.reconnectPeriod > 0
    this.#lifecycle = new Lifecycle<Client>(spec, out, this.#clients, this)
    const { deadlines } = this.#lifecycle
    this.traffic =
      spec.traffic &&
      new MqttjsTraffic(spec, spec.traffic, this.#clients, out, (dueMs) => deadlines.wakeAt(dueMs))
  }

  start(startMs: number): void {
    this.#lifecycle.start(startMs)
  }

  async stop(graceMs: number): Promise<EndedSessions> {
    await this.#lifecycle.leave()
    if (this.#openStreams > 0) await this.#closed(graceMs)
    const dial = dialFor(this.#spec.transport) as NonNullable<ShardOutlets['dial']>
    return endSessions(this.#spec, this.#clients, dial)
  }

  async #closed(graceMs: number): Promise<void> {
    const closed = new Promise<void>((resolve) => (this.#allClosed = resolve))
    const force = setTimeout(() => {
      for (const { mqtt } of this.#clients) mqtt?.stream.destroy()
    }, graceMs)
    await closed
    clearTimeout(force)
  }

  // The driver.

  open(client: Client): void {
    if (client.mqtt) {
      // With its stores: what is in flight of a session is sent again.
      const { incomingStore, outgoingStore } = client.mqtt
      client.mqtt.reconnect({ incomingStore, outgoingStore })
      return
    }
    this.#began(client)
    const route = this.#lifecycle.routeOf(client)
    const options = clientOptions(client, this.#spec, route, this.#own, this.#will(client))
    const mqtt = makeMqttClient(options, () => this.onTransport(client))
    client.mqtt = mqtt
    listen(mqtt, client, this)
    watchStream(mqtt, client, this)
  }

  /** Its stream closes by itself, except after a time-out. */
  drop(client: Client, reason: ClientEventReason): boolean {
    if (reason === 'connect-timeout' || reason === 'connack-timeout') client.mqtt!.stream.destroy()
    return false
  }

  /** The package holds its DISCONNECT back until everything in flight is acknowledged: this does not wait for that. */
  leave({ mqtt, group }: Client, wasOnline: boolean): void {
    if (!wasOnline) {
      mqtt?.end(true)
      return
    }
    for (const id of Object.keys(mqtt!.outgoing)) mqtt!.removeOutgoingMessage(Number(id))
    const endsSession = this.#spec.endSessions && group.protocol === '5' && sessionExpirySeconds(group) > 0
    mqtt!.end(false, endsSession ? { properties: { sessionExpiryInterval: 0 } } : {})
  }

  /** Its stream closes once the DISCONNECT is sent. The package closes its stores too, so the next connection is another object's. */
  part(client: Client): boolean {
    client.parting = true
    client.mqtt!.end()
    return false
  }

  localPort({ mqtt }: Client): number | undefined {
    const stream: { localPort?: number; socket?: { localPort?: number } } | undefined = mqtt?.stream
    return stream?.localPort ?? stream?.socket?.localPort
  }

  #began(client: Client): void {
    client.failure = ''
    client.failureNumber = -1
    this.#openStreams++
    this.#lifecycle.began(client)
  }

  // The package.

  /** The package starts an attempt, by its own timer or by `reconnect()`; it makes the stream within this turn. */
  onReconnect(client: Client, mqtt: MqttClient): void {
    this.#began(client)
    const will = this.#will(client)
    if (will) mqtt.options.will = will
    Object.assign(mqtt.options, transportOptions(this.#lifecycle.routeOf(client), this.#spec.transport))
    process.nextTick(watchStream, mqtt, client, this)
  }

  onTcp(client: Client): void {
    this.#lifecycle.tcpOpen(client)
  }

  onTransport(client: Client): void {
    this.#lifecycle.transportOpen(client)
  }

  onSend(client: Client, packet: Packet): void {
    client.breaches.sent(packet)
  }

  onPacket(client: Client, packet: Packet): void {
    const broken = client.breaches.received(packet, client.state, client.group.protocol === '5')
    if (broken) this.#out.log.addBreach(broken.breach)
    if (broken?.code !== undefined) this.#protest(client, broken.code)
    else if (packet.cmd === 'connack') this.#onConnack(client, packet)
    else if (packet.cmd === 'publish') this.#out.counters.add('received', 1)
    else if (packet.cmd === 'disconnect')
      this.#lifecycle.end(
        client,
        'disconnect-packet',
        packet.reasonCode ?? 0,
        packet.properties?.serverReference,
      )
  }

  /** The package would go on: this closes the connection, as the other engine does. */
  #protest(client: Client, code: number): void {
    client.failure = 'protocol-error'
    client.failureNumber = code
    this.#lifecycle.end(client, 'protocol-error', code)
    client.mqtt?.stream.destroy()
  }

  #onConnack(client: Client, { reasonCode, returnCode, sessionPresent, properties }: IConnackPacket): void {
    if (client.state !== 'accepting' && client.state !== 'connecting') return
    const code = (client.group.protocol === '5' ? (reasonCode ?? returnCode) : returnCode) ?? 0
    if (code !== 0) {
      this.#lifecycle.end(client, 'connack', code, properties?.serverReference)
      return
    }
    this.#lifecycle.deadlines.cancel(client)
    this.#lifecycle.connected(client, sessionPresent)
    this.traffic?.opened(client, sessionPresent)
  }

  /** The package has noticed the connection: from here on it sends what it is given. */
  onReady(client: Client, mqtt: MqttClient): void {
    if (client.state !== 'online') return
    if (!client.subscribed && client.group.subscribe?.length) {
      this.#lifecycle.subscribing(client)
      subscribeAll(client, mqtt, this, topicOwner(client, this.#spec))
    }
    this.traffic?.ready(client, mqtt)
  }

  onSubscribed(client: Client, refusal: number | undefined): void {
    if (client.state !== 'online' || client.subscribed) return
    if (refusal !== undefined) {
      this.#lifecycle.refused(client, refusal)
      return
    }
    this.#lifecycle.granted(client)
    this.traffic?.subscribed(client)
  }

  onMessage(client: Client, topic: string, payload: Buffer, packet: IPublishPacket): void {
    if (client.state === 'online') this.traffic?.message(client, topic, payload, packet)
  }

  /** The package continues after an error of its parser; this closes the connection, as an application would. */
  onError(client: Client, error: Error): void {
    const reason = errorReason(error, client.state === 'connecting')
    if (client.failure === '') {
      client.failure = reason
      client.failureNumber = errorNumber(error)
    }
    if (reason === 'protocol-error') client.mqtt?.stream.destroy()
  }

  onClose(client: Client): void {
    this.#openStreams--
    if (client.parting) client.mqtt = null
    client.parting = false
    this.#lifecycle.end(client, client.failure || 'closed', client.failureNumber)
    this.#lifecycle.closed(client)
    if (this.#openStreams === 0) this.#allClosed?.()
  }

  #will(client: Client) {
    const { will, protocol } = client.group
    if (!will) return undefined
    const payload =
      will.message === undefined
        ? (this.traffic?.willPayload(client) ?? NO_PAYLOAD)
        : Buffer.from(will.message)
    const topic = topicOf(will.topic, topicOwner(client, this.#spec))
    return willOptions(will, topic, payload, protocol === '5')
  }
}
