import type { IPublishPacket, MqttClient } from 'mqtt'
import { type LedgerPart, type PublisherBooks, ShardLedger } from '../../ledger/shard-ledger.ts'
import { TimerWheel } from '../../timers/timer-wheel.ts'
import { beginTogether } from '../../traffic/begin.ts'
import type { EngineTraffic, ShardOutlets } from '../engine.ts'
import { limitsOf, NO_LIMITS } from '../server-limits.ts'
import type { ShardSpec, ShardTraffic } from '../shard-spec.ts'
import { listenersOf, publishersOf } from '../speakers.ts'
import { willPayload } from '../will-payload.ts'
import type { Client } from './client.ts'
import { MqttjsPublisher, type PublisherOutlets } from './publisher.ts'

const NEVER = Number.POSITIVE_INFINITY

/** The messages of one shard of this engine: what its clients publish, and what the ledger hears of what comes. */
export class MqttjsTraffic implements EngineTraffic {
  readonly #traffic: ShardTraffic
  readonly #out: ShardOutlets
  readonly #ledger: ShardLedger
  readonly #publishers: readonly MqttjsPublisher[]
  readonly #wheel: TimerWheel
  /** When all begin; undefined: each when it is connected. */
  #startMs: number | undefined

  /** `wakeAt`: the shard calls `advance` then. */
  constructor(
    spec: ShardSpec,
    traffic: ShardTraffic,
    clients: readonly Client[],
    out: ShardOutlets,
    wakeAt: (dueMs: number) => void,
  ) {
    this.#traffic = traffic
    this.#out = out
    this.#startMs = beginTogether(spec.trafficStart) ? NEVER : undefined
    const listeners = listenersOf(spec, clients)
    this.#ledger = new ShardLedger(traffic.identity, listeners, out.traffic ?? (() => undefined))
    const { clock, counters } = out
    const { latencies } = this.#ledger
    const publisherOutlets: PublisherOutlets = {
      clock,
      counters,
      latencies,
      wakeAt: ({ place }, dueMs) => {
        this.#wheel.set(place.timer, dueMs)
        wakeAt(dueMs)
      },
    }
    this.#publishers = publishersOf(
      spec,
      traffic,
      clients,
      (client, place) => (client.publisher = new MqttjsPublisher(client, place, publisherOutlets)),
    )
    this.#wheel = new TimerWheel(this.#publishers.length, clock.nowMs())
  }

  begin(startMs: number): void {
    this.#startMs = startMs
    for (const publisher of this.#publishers) publisher.begin(startMs)
  }

  end(): void {
    for (const publisher of this.#publishers) publisher.end()
  }

  part(): LedgerPart {
    return this.#ledger.part(this.#books())
  }

  flush(): void {
    this.#ledger.flush()
  }

  /** Does what is due; returns when something is due again. */
  advance(): number {
    this.#wheel.advance(this.#out.clock.nowMs(), (timer) => this.#publishers[timer]!.advance())
    return this.#wheel.nextDueMs()
  }

  opened({ slot }: Client, sessionPresent: boolean): void {
    this.#ledger.opened(slot, sessionPresent, this.#out.clock.nowMs())
  }

  /** The package is ready to publish. */
  ready({ publisher }: Client, mqtt: MqttClient): void {
    if (!publisher) return
    const told = mqtt.serverProperties ?? {}
    const { maximumQoS, ...others } = told
    const limits = limitsOf(
      { ...others, ...(maximumQoS === undefined ? {} : { maximumQos: maximumQoS as 0 | 1 }) } as Parameters<
        typeof limitsOf
      >[0],
      NO_LIMITS,
    )
    const startMs = this.#startMs ?? this.#out.clock.nowMs()
    publisher.connected(mqtt, limits, startMs === NEVER ? undefined : startMs)
  }

  subscribed({ slot }: Client): void {
    this.#ledger.granted(slot, this.#out.clock.nowMs())
  }

  closed({ slot, publisher }: Client): void {
    this.#ledger.closed(slot, this.#out.clock.nowMs())
    publisher?.closed()
  }

  message({ slot }: Client, topic: string, payload: Buffer, packet: IPublishPacket): void {
    const { qos, retain, dup } = packet
    const nowMs = this.#out.clock.nowMs()
    this.#ledger.arrived(slot, { qos, retain, duplicate: dup }, payload, 0, payload.length, nowMs, topic)
  }

  /** What a will says whose spec leaves it to the ledger. */
  willPayload(client: Client): Buffer {
    return willPayload(this.#traffic.identity, client, this.#out.clock.nowMs())
  }

  #books(): PublisherBooks {
    const online = ({ client }: MqttjsPublisher) => client.state === 'online'
    const sum = (publishers: readonly MqttjsPublisher[]) =>
      publishers.reduce((total, { inFlight }) => total + inFlight.size, 0)
    const beganMs = Math.min(...this.#publishers.map((publisher) => publisher.beganMs))
    const endedMs = Math.max(...this.#publishers.map((publisher) => publisher.lastMs))
    return {
      publishers: this.#publishers.map(({ account, inFlight }) => account.row(inFlight.keys())),
      inFlight: sum(this.#publishers),
      answerable: sum(this.#publishers.filter(online)),
      ...(beganMs === NEVER ? {} : { beganMs, endedMs }),
    }
  }
}
