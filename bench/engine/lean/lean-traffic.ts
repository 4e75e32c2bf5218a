import type { PublishView } from '../../codec/publish-view.ts'
import { type LedgerPart, ShardLedger } from '../../ledger/shard-ledger.ts'
import { beginTogether } from '../../traffic/begin.ts'
import type { EngineTraffic, ShardOutlets } from '../engine.ts'
import type { ShardSpec, ShardTraffic } from '../shard-spec.ts'
import { listenersOf, publishersOf } from '../speakers.ts'
import { willPayload } from '../will-payload.ts'
import type { Client } from './client.ts'
import { Coalescer } from './coalescer.ts'
import type { AckKind } from './conversation.ts'
import { Publishers } from './publishers.ts'
import { makePublishing } from './publishing.ts'

/** All that a shard has to do with messages: what its clients publish, and what the ledger hears of what comes. */
export class LeanTraffic implements EngineTraffic {
  readonly #traffic: ShardTraffic
  readonly #out: ShardOutlets
  readonly #ledger: ShardLedger
  readonly #publishers: Publishers
  readonly #coalescer: Coalescer
  /** Packets of this read. */
  #packets = 0

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
    const listeners = listenersOf(spec, clients)
    this.#ledger = new ShardLedger(traffic.identity, listeners, out.traffic ?? (() => undefined))
    const { clock, counters } = out
    this.#coalescer = new Coalescer(clock)
    const publishers = publishersOf(
      spec,
      traffic,
      clients,
      (client, place) => (client.publishing = makePublishing(client, place)),
    )
    this.#publishers = new Publishers(publishers, beginTogether(spec.trafficStart), {
      clock,
      counters,
      latencies: this.#ledger.latencies,
      wakeAt,
    })
  }

  begin(startMs: number): void {
    this.#publishers.begin(startMs)
  }

  end(): void {
    this.#publishers.end()
  }

  part(): LedgerPart {
    return this.#ledger.part(this.#publishers.books())
  }

  flush(): void {
    this.#ledger.flush()
  }

  /** Does what is due; returns when something is due again. */
  advance(): number {
    this.#publishers.advance(this.#out.clock.nowMs())
    return this.#publishers.nextDueMs()
  }

  opened(client: Client, sessionPresent: boolean): void {
    this.#ledger.opened(client.slot, sessionPresent, this.#out.clock.nowMs())
    if (client.publishing) this.#publishers.connected(client.publishing, sessionPresent)
  }

  subscribed(client: Client): void {
    this.#ledger.granted(client.slot, this.#out.clock.nowMs())
  }

  closed(client: Client): void {
    this.#ledger.closed(client.slot, this.#out.clock.nowMs())
    if (client.publishing) this.#publishers.closed(client.publishing)
  }

  beginRead(): void {
    this.#publishers.beginRead()
  }

  message(client: Client, view: PublishView, bytes: Buffer): void {
    this.#packets++
    const topic = this.#ledger.needsTopic(client.slot)
      ? view.topicBytes.toString('utf8', view.topicStart, view.topicEnd)
      : ''
    const { payloadStart, payloadEnd } = view
    this.#ledger.arrived(client.slot, view, bytes, payloadStart, payloadEnd, this.#publishers.readMs, topic)
  }

  acknowledged({ publishing }: Client, ack: AckKind, packetId: number, reason: number): boolean {
    this.#packets++
    return publishing !== null && this.#publishers.acknowledged(publishing, ack, packetId, reason)
  }

  endRead({ publishing }: Client): void {
    if (publishing) this.#publishers.endRead(publishing)
    if (this.#packets > 0) this.#coalescer.heard(this.#packets)
    this.#packets = 0
  }

  /** What a will says whose spec leaves it to the ledger. */
  readonly willPayload = (client: Client): Buffer =>
    willPayload(this.#traffic.identity, client, this.#out.clock.nowMs())
}
