import type { IClientPublishOptions, MqttClient } from 'mqtt'
import { type PublishForm, publishForm, publishLength } from '../../codec/publish.ts'
import { FIRST_FAILURE } from '../../codec/reason-code.ts'
import type { Latencies } from '../../ledger/latencies.ts'
import type { ShardOutlets } from '../engine.ts'
import { Publisher, type PublisherPlace } from '../lifecycle/publisher.ts'
import { NO_LIMITS, publishBound, type ServerLimits } from '../server-limits.ts'
import type { Client } from './client.ts'
import { messageProperties } from './connect-properties.ts'

/** Messages that one client sends in one turn of the event loop. */
const MESSAGES_PER_TURN = 64

/** Where a publisher writes what it does, and by whom it is woken. */
export interface PublisherOutlets extends Pick<ShardOutlets, 'clock' | 'counters'> {
  latencies: Latencies
  wakeAt(publisher: MqttjsPublisher, dueMs: number): void
}

/** A client that publishes with the package's `publish`, which itself resends what was in flight when a connection was lost. */
export class MqttjsPublisher extends Publisher<Client> {
  /** Planned instants of the messages that wait for an acknowledgement, by sequence number. */
  readonly inFlight = new Map<number, number>()
  readonly #out: PublisherOutlets
  readonly #options: IClientPublishOptions
  readonly #form: PublishForm
  #limits: ServerLimits = NO_LIMITS
  #introduced = false
  #ended = false
  #mqtt: MqttClient | null = null
  beganMs = Number.POSITIVE_INFINITY
  lastMs = Number.NEGATIVE_INFINITY

  constructor(client: Client, place: PublisherPlace, out: PublisherOutlets) {
    super(client, place)
    this.#out = out
    const { qos, retain = false, duplicateFlag = false, properties = {}, subscriptionIdentifier } = this.spec
    const { protocol } = client.group
    this.#options = { qos, retain, dup: duplicateFlag && qos > 0 }
    if (protocol === '5') {
      this.#options.properties = messageProperties(properties)
      if (subscriptionIdentifier !== undefined)
        this.#options.properties.subscriptionIdentifier = subscriptionIdentifier
    }
    this.#form = publishForm({ ...this.spec, protocol, topic: place.topic })
  }

  /** `startMs`: when it may begin; undefined where that is not known yet. */
  connected(mqtt: MqttClient, limits: ServerLimits, startMs: number | undefined): void {
    const nowMs = this.#out.clock.nowMs()
    this.#mqtt = mqtt
    this.#limits = limits
    this.#introduced = false
    for (const sequence of this.inFlight.keys()) this.account.resend(sequence)
    this.skip(nowMs)
    if (!this.#ended) this.#bar()
    if (startMs !== undefined) this.start(startMs)
  }

  closed(): void {
    this.#mqtt = null
    if (this.barred) this.skip(this.#out.clock.nowMs())
    this.unbar(this.#out.counters)
  }

  start(startMs: number): void {
    if (this.#ended) return
    const dueMs = this.begin(startMs)
    if (this.#mqtt) this.#out.wakeAt(this, dueMs)
  }

  /** Nothing is published any more; what was due and not sent is skipped. */
  end(): void {
    if (this.#ended) return
    this.#ended = true
    this.skip(this.#out.clock.nowMs())
    this.unbar(this.#out.counters)
  }

  /** Sends what is due, as far as there is room. */
  advance(): void {
    const { qos, inFlight = Number.POSITIVE_INFINITY } = this.spec
    if (!this.#mqtt || !this.schedule || this.#ended) return
    const window = Math.min(inFlight, this.#limits.receiveMaximum)
    for (let sent = 0; this.account.sent < this.limit; sent++) {
      const nowMs = this.#out.clock.nowMs()
      const dueMs = this.schedule.dueMs(nowMs)
      if (dueMs > nowMs || sent === MESSAGES_PER_TURN) {
        this.#out.wakeAt(this, Math.max(dueMs, nowMs))
        return
      }
      // An acknowledgement makes room.
      if (qos > 0 && this.inFlight.size >= window) return
      if (this.barred || this.#bar()) return
      this.schedule.next++
      this.#publish(dueMs, this.payload.size(this.account.sent + 1), nowMs)
    }
  }

  #publish(plannedMs: number, size: number, nowMs: number): void {
    const sequence = this.account.send(plannedMs)
    const bytes = Buffer.allocUnsafe(size)
    this.payload.fill(bytes, 0, this.client.index, sequence, plannedMs)
    this.#out.counters.add('published', 1)
    this.beganMs = Math.min(this.beganMs, nowMs)
    this.lastMs = nowMs
    if (this.spec.qos === 0) {
      this.#send(bytes, undefined)
      return
    }
    this.inFlight.set(sequence, plannedMs)
    this.#send(bytes, (error) => this.#settled(sequence, error))
  }

  #send(bytes: Buffer, settled: ((error?: Error) => void) | undefined): void {
    const { topicAlias = 0 } = this.spec
    if (topicAlias === 0 || topicAlias > this.#limits.topicAliasMaximum) {
      this.#mqtt!.publish(this.topic, bytes, this.#options, settled)
      return
    }
    // MQTT 5 §3.3.2.3.4: with its alias known, a topic need not be sent.
    const topic = this.#introduced ? '' : this.topic
    this.#introduced = true
    const properties = { ...this.#options.properties, topicAlias }
    this.#mqtt!.publish(topic, bytes, { ...this.#options, properties }, settled)
  }

  #settled(sequence: number, error?: Error & { code?: unknown }): void {
    const plannedMs = this.inFlight.get(sequence)
    if (plannedMs === undefined) return
    this.inFlight.delete(sequence)
    // The package takes a PUBACK for the end of a QoS 2 message.
    const broken = this.client.failure === 'protocol-error'
    if (!error && !broken) {
      this.account.acknowledged++
      this.#out.counters.add('acknowledged', 1)
      this.#out.latencies.record('ack', this.spec.qos, this.#out.clock.nowMs() - plannedMs)
    } else if (typeof error?.code === 'number' && error.code >= FIRST_FAILURE) this.account.refuse(sequence)
    else this.account.abandon(sequence)
    this.advance()
  }

  /** Returns whether the server's limits exclude the next message. */
  #bar(): boolean {
    // Computed with the topic and without an alias; the package may send a few bytes less.
    const bytes = publishLength(this.#form, this.payload.size(this.account.sent + 1))
    return this.bar(publishBound(this.#limits, this.spec, bytes), this.#out.counters)
  }
}
