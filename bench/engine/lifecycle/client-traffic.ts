import type { LatencyBuckets } from '#weir/facts/index.ts'
import { HEADER_BYTES, makeHeader, writeHeader } from '../../ledger/header.ts'
import { type LedgerPart, type PublisherBooks, ShardLedger } from '../../ledger/shard-ledger.ts'
import type { EngineTraffic, ShardOutlets } from '../engine.ts'
import type { ShardSpec, ShardTraffic } from '../shard-spec.ts'
import type { FleetClient } from './fleet-client.ts'
import { subscribersOf } from './publishers-and-subscribers.ts'

/** The publishers of a shard, as its engine runs them. */
export interface ShardPublishers<Client> {
  begin(startMs: number): void
  /** Nothing is published any more; what was due by now and not sent is skipped. */
  end(): void
  advance(nowMs: number): void
  nextDueMs(): number
  closed(client: Client): void
  books(): PublisherBooks
}

/** The messages of a shard: what its clients publish, and what the ledger records of what they receive. */
export abstract class ClientTraffic<Client extends FleetClient> implements EngineTraffic {
  protected readonly ledger: ShardLedger
  protected readonly clock: ShardOutlets['clock']
  protected abstract readonly publishers: ShardPublishers<Client>
  readonly #identity: ShardTraffic['identity']

  constructor(spec: ShardSpec, { identity }: ShardTraffic, clients: readonly Client[], out: ShardOutlets) {
    this.#identity = identity
    this.clock = out.clock
    this.ledger = new ShardLedger(identity, subscribersOf(spec, clients), out.traffic ?? (() => undefined))
  }

  begin(startMs: number): void {
    this.publishers.begin(startMs)
  }

  end(): void {
    this.publishers.end()
  }

  part(): LedgerPart {
    return this.ledger.part(this.publishers.books())
  }

  latencies(): LatencyBuckets[] {
    return this.ledger.latencies.buckets()
  }

  flush(): void {
    this.ledger.flush()
  }

  /** Does what is due; returns when something is due again. */
  advance(): number {
    this.publishers.advance(this.clock.nowMs())
    return this.publishers.nextDueMs()
  }

  opened({ slot }: Client, sessionPresent: boolean): void {
    this.ledger.opened(slot, sessionPresent, this.clock.nowMs())
  }

  subscribed({ slot }: Client): void {
    this.ledger.granted(slot, this.clock.nowMs())
  }

  closed(client: Client): void {
    this.ledger.closed(client.slot, this.clock.nowMs())
    this.publishers.closed(client)
  }

  /** The payload of a will whose spec leaves it to the ledger: the client and its attempt. */
  readonly willPayload = ({ index, attempts }: Client): Buffer => {
    const { tag, anchorMicros } = this.#identity
    const header = makeHeader(tag)
    header.will = true
    header.publisher = index
    header.sequence = attempts
    header.plannedMicros = Math.round(anchorMicros + this.clock.nowMs() * 1000)
    const bytes = Buffer.allocUnsafe(HEADER_BYTES)
    writeHeader(bytes, 0, header)
    return bytes
  }
}
