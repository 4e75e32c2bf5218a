import type { IPublishPacket, Packet } from 'mqtt-packet'
import { matches } from '#weir/bench/traffic/topic.ts'
import { FakeBroker, type Visit } from './fake-broker.ts'

/** One message on its way to one subscriber. */
export interface Forward {
  subscriber: Visit
  topic: string
  payload: Buffer
  qos: 0 | 1 | 2
}

/** What a test may change about a relay. */
export interface RelayFaults {
  /** Answers a PUBLISH or PUBREL; a test that does not answer returns. */
  answer(visit: Visit, packet: Packet): void
  /** Passes one message on: a test may do so twice, later or not at all. */
  forward(one: Forward, send: (one: Forward, changes?: Partial<IPublishPacket>) => void): void
}

/** A fake broker that passes messages on to who subscribed, honestly unless a test wants otherwise. */
export class Relay extends FakeBroker implements RelayFaults {
  /** Filters of all who ever came: as a session would, they outlive the connection. */
  readonly #subscriptions = new Map<Visit, { topic: string; qos: number }[]>()
  #packetId = 0

  static async start(faults: Partial<RelayFaults> & Partial<FakeBroker> = {}): Promise<Relay> {
    const relay = new Relay()
    Object.assign(relay, faults)
    await relay.open()
    return relay
  }

  answer(visit: Visit, packet: Packet): void {
    if (packet.cmd === 'publish' && packet.qos === 1)
      visit.send({ cmd: 'puback', messageId: packet.messageId })
    if (packet.cmd === 'publish' && packet.qos === 2)
      visit.send({ cmd: 'pubrec', messageId: packet.messageId })
    if (packet.cmd === 'pubrel') visit.send({ cmd: 'pubcomp', messageId: packet.messageId })
  }

  forward(one: Forward, send: (one: Forward) => void): void {
    send(one)
  }

  /** A PUBLISH of the broker's own to whoever subscribed. */
  say(topic: string, payload: Buffer, changes: Partial<IPublishPacket> = {}): void {
    for (const [subscriber, filters] of this.#subscriptions)
      if (filters.some((filter) => matches(filter.topic, topic)))
        this.#send({ subscriber, topic, payload, qos: 0 }, changes)
  }

  override onPacket(visit: Visit, packet: Packet): void {
    if (packet.cmd === 'subscribe') this.#subscriptions.set(visit, packet.subscriptions)
    if (packet.cmd === 'pubrec') visit.send({ cmd: 'pubrel', messageId: packet.messageId })
    super.onPacket(visit, packet)
    this.answer(visit, packet)
    if (packet.cmd === 'publish' && !packet.dup) this.#passOn(packet)
  }

  #passOn({ topic, payload, qos }: IPublishPacket): void {
    for (const [subscriber, filters] of this.#subscriptions) {
      const filter = filters.find((one) => matches(one.topic, topic))
      if (!filter) continue
      const lower = Math.min(qos, filter.qos) as 0 | 1 | 2
      this.forward({ subscriber, topic, payload: payload as Buffer, qos: lower }, this.#send)
    }
  }

  readonly #send = (
    { subscriber, topic, payload, qos }: Forward,
    changes: Partial<IPublishPacket> = {},
  ): void => {
    this.#packetId = (this.#packetId % 0xffff) + 1
    const messageId = qos > 0 ? { messageId: this.#packetId } : {}
    subscriber.send({
      cmd: 'publish',
      topic,
      payload,
      qos,
      dup: false,
      retain: false,
      ...messageId,
      ...changes,
    })
  }
}
