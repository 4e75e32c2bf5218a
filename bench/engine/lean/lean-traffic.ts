import type { PublishView } from '../../codec/publish-view.ts'
import { beginTogether } from '../../traffic/shard-traffic.ts'
import type { ShardOutlets } from '../engine.ts'
import { ClientTraffic } from '../lifecycle/client-traffic.ts'
import { publishersOf } from '../lifecycle/publishers-and-subscribers.ts'
import type { ShardSpec, ShardTraffic } from '../shard-spec.ts'
import type { Client } from './client.ts'
import { Coalescer } from './coalescer.ts'
import type { AckKind } from './protocol-handler.ts'
import { Publishers } from './publishers.ts'
import { Publishing } from './publishing.ts'

/** The messages of a lean shard, one read after the other. */
export class LeanTraffic extends ClientTraffic<Client> {
  protected readonly publishers: Publishers
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
    super(spec, traffic, clients, out)
    const { clock, counters } = out
    this.#coalescer = new Coalescer(clock)
    const all = publishersOf(
      spec,
      traffic,
      clients,
      (client, place) => (client.publishing = new Publishing(client, place)),
    )
    const { latencies } = this.ledger
    this.publishers = new Publishers(all, beginTogether(spec.trafficStart), {
      clock,
      counters,
      latencies,
      wakeAt,
    })
  }

  override opened(client: Client, sessionPresent: boolean): void {
    super.opened(client, sessionPresent)
    if (client.publishing) this.publishers.connected(client.publishing, sessionPresent)
  }

  beginRead(): void {
    this.publishers.beginRead()
  }

  message(client: Client, view: PublishView, bytes: Buffer): void {
    this.#packets++
    const topic = this.ledger.needsTopic(client.slot)
      ? view.topicBytes.toString('utf8', view.topicStart, view.topicEnd)
      : ''
    const { payloadStart, payloadEnd } = view
    this.ledger.arrived(client.slot, view, bytes, payloadStart, payloadEnd, this.publishers.readMs, topic)
  }

  acknowledged({ publishing }: Client, ack: AckKind, packetId: number, reason: number): boolean {
    this.#packets++
    return publishing !== null && this.publishers.acknowledged(publishing, ack, packetId, reason)
  }

  endRead({ publishing }: Client): void {
    if (publishing) this.publishers.endRead(publishing)
    if (this.#packets > 0) this.#coalescer.heard(this.#packets)
    this.#packets = 0
  }
}
