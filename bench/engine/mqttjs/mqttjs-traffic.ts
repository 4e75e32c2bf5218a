import type { IPublishPacket, MqttClient } from 'mqtt'
import { beginTogether } from '../../traffic/shard-traffic.ts'
import type { ShardOutlets } from '../engine.ts'
import { ClientTraffic } from '../lifecycle/client-traffic.ts'
import { publishersOf } from '../lifecycle/publishers-and-subscribers.ts'
import type { ShardSpec, ShardTraffic } from '../shard-spec.ts'
import type { Client } from './client.ts'
import { MqttjsPublisher, type PublisherOutlets } from './publisher.ts'
import { Publishers } from './publishers.ts'

/** The messages of a shard of this engine. */
export class MqttjsTraffic extends ClientTraffic<Client> {
  protected readonly publishers: Publishers

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
    const { latencies } = this.ledger
    const outlets: PublisherOutlets = {
      clock,
      counters,
      latencies,
      wakeAt: (publisher, dueMs) => this.publishers.wakeAt(publisher, dueMs),
    }
    const all = publishersOf(
      spec,
      traffic,
      clients,
      (client, place) => (client.publisher = new MqttjsPublisher(client, place, outlets)),
    )
    this.publishers = new Publishers(all, beginTogether(spec.trafficStart), clock, wakeAt)
  }

  /** The package is ready to publish. */
  ready({ publisher }: Client, mqtt: MqttClient): void {
    if (publisher) this.publishers.ready(publisher, mqtt)
  }

  message({ slot }: Client, topic: string, payload: Buffer, packet: IPublishPacket): void {
    const { qos, retain, dup } = packet
    const delivery = { qos, retain, duplicate: dup }
    this.ledger.arrived(slot, delivery, payload, 0, payload.length, this.clock.nowMs(), topic)
  }
}
