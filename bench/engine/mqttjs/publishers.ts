import type { MqttClient } from 'mqtt'
import type { PublisherBooks } from '../../ledger/shard-ledger.ts'
import { TimerWheel } from '../../timers/timer-wheel.ts'
import type { ShardPublishers } from '../lifecycle/client-traffic.ts'
import { limitsOf, NO_LIMITS } from '../server-limits.ts'
import type { Client } from './client.ts'
import type { MqttjsPublisher, PublisherOutlets } from './publisher.ts'

const NEVER = Number.POSITIVE_INFINITY

/** The publishers of a shard of this engine, on one timer wheel. */
export class Publishers implements ShardPublishers<Client> {
  readonly #all: readonly MqttjsPublisher[]
  readonly #clock: PublisherOutlets['clock']
  readonly #wheel: TimerWheel
  readonly #wake: (dueMs: number) => void
  /** When all begin; undefined: each when it is connected. */
  #startMs: number | undefined

  /** `waits`: they begin when `begin` is called, not each when it is connected. `wake`: `advance` is due then. */
  constructor(
    all: readonly MqttjsPublisher[],
    waits: boolean,
    clock: PublisherOutlets['clock'],
    wake: (dueMs: number) => void,
  ) {
    this.#all = all
    this.#clock = clock
    this.#wheel = new TimerWheel(all.length, clock.nowMs())
    this.#wake = wake
    this.#startMs = waits ? NEVER : undefined
  }

  begin(startMs: number): void {
    this.#startMs = startMs
    for (const publisher of this.#all) publisher.start(startMs)
  }

  end(): void {
    for (const publisher of this.#all) publisher.end()
  }

  nextDueMs(): number {
    return this.#wheel.nextDueMs()
  }

  advance(nowMs: number): void {
    this.#wheel.advance(nowMs, (timer) => this.#all[timer]!.advance())
  }

  wakeAt({ timer }: MqttjsPublisher, dueMs: number): void {
    this.#wheel.set(timer, dueMs)
    this.#wake(dueMs)
  }

  /** The package is ready to publish. */
  ready(publisher: MqttjsPublisher, mqtt: MqttClient): void {
    const { maximumQoS, ...others } = mqtt.serverProperties ?? {}
    const limits = limitsOf(
      { ...others, maximumQos: maximumQoS } as Parameters<typeof limitsOf>[0],
      NO_LIMITS,
    )
    const startMs = this.#startMs ?? this.#clock.nowMs()
    publisher.connected(mqtt, limits, startMs === NEVER ? undefined : startMs)
  }

  closed({ publisher }: Client): void {
    publisher?.closed()
  }

  books(): PublisherBooks {
    const sum = (publishers: readonly MqttjsPublisher[]) =>
      publishers.reduce((total, { inFlight }) => total + inFlight.size, 0)
    const beganMs = Math.min(...this.#all.map((publisher) => publisher.beganMs))
    const endedMs = Math.max(...this.#all.map((publisher) => publisher.lastMs))
    return {
      publishers: this.#all.map(({ account, inFlight }) => account.row(inFlight.keys())),
      inFlight: sum(this.#all),
      answerable: sum(this.#all.filter(({ client }) => client.state === 'online')),
      ...(beganMs === NEVER ? {} : { beganMs, endedMs }),
    }
  }
}
