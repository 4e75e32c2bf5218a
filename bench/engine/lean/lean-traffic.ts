import type { PublishView } from '../../codec/publish-view.ts'
import { HEADER_BYTES, makeHeader, writeHeader } from '../../ledger/header.ts'
import { type LedgerPart, type Listener, ShardLedger } from '../../ledger/shard-ledger.ts'
import { beginTogether } from '../../traffic/begin.ts'
import { makePayload, type Payload } from '../../traffic/payload.ts'
import { limitOf } from '../../traffic/publish-schedule.ts'
import { topicOf } from '../../traffic/topic.ts'
import type { GroupSpec } from '../../types.ts'
import type { EngineTraffic, ShardOutlets } from '../engine.ts'
import type { ShardSpec, ShardTraffic } from '../shard-spec.ts'
import type { Client } from './client.ts'
import { Coalescer } from './coalescer.ts'
import type { AckKind } from './conversation.ts'
import { Publishers } from './publishers.ts'
import { makePublishing, type Publishing } from './publishing.ts'

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
    const listeners = clients.map((client) => listenerOf(client, spec))
    this.#ledger = new ShardLedger(traffic.identity, listeners, out.traffic ?? (() => undefined))
    const { clock, counters } = out
    this.#coalescer = new Coalescer(clock)
    this.#publishers = new Publishers(makeAll(spec, traffic, clients), beginTogether(spec.trafficStart), {
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

  /** What a will says whose spec leaves it to the ledger: whose it is, and of which attempt. */
  readonly willPayload = ({ index, attempts }: Client): Buffer => {
    const { tag, anchorMicros } = this.#traffic.identity
    const header = makeHeader(tag)
    header.will = true
    header.publisher = index
    header.sequence = attempts
    header.plannedMicros = Math.round(anchorMicros + this.#out.clock.nowMs() * 1000)
    const bytes = Buffer.allocUnsafe(HEADER_BYTES)
    writeHeader(bytes, 0, header)
    return bytes
  }
}

function listenerOf({ index, id, group }: Client, spec: ShardSpec): Listener | undefined {
  if (!group.subscribe) return undefined
  const owner = { index, clientId: id, username: spec.username, fleetClients: spec.fleetClients }
  return {
    index,
    filters: group.subscribe.map(({ topic }) => topicOf(topic, owner)),
    retainAsPublished: group.subscribe.some(({ retainAsPublished }) => retainAsPublished),
  }
}

/** Gives every client of a group that publishes what it needs for it. */
function makeAll(spec: ShardSpec, traffic: ShardTraffic, clients: readonly Client[]): Publishing[] {
  const payloads = new Map<GroupSpec, Payload>()
  const all: Publishing[] = []
  for (const client of clients) {
    const { group, slot, index, id } = client
    if (!group.publish) continue
    const payload = payloads.get(group) ?? makePayload(group.publish.payload, spec.seed, traffic.identity)
    payloads.set(group, payload)
    const owner = { index, clientId: id, username: spec.username, fleetClients: spec.fleetClients }
    const rank = traffic.rank[slot]!
    const of = traffic.groupSizes[spec.clients.group[slot]!]!
    client.publishing = makePublishing(client, {
      timer: all.length,
      rank,
      of,
      limit: limitOf(group.publish.limit, rank, of),
      topic: topicOf(group.publish.topic, owner),
      payload,
    })
    all.push(client.publishing)
  }
  return all
}
