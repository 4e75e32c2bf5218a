import type { WillReceipt } from '#weir/facts/index.ts'
import { type Arrival, type PairReceipt, Receipts } from './receipts.ts'
import type { TrafficBatch } from './traffic-batch.ts'

/** Batches of different shards are up to a tenth of a second apart, and so neighbours of one publisher some hundreds of numbers. */
const WINDOW = 8192

/** The part of the ledger that the fleet's owner keeps: shared subscriptions over all shards, and wills. */
export class FleetLedger {
  readonly wills: WillReceipt[] = []
  readonly #receipts = new Receipts(WINDOW)
  readonly #shares = new Map<string, number>()
  /** Connections that members lost, by share and shard. */
  readonly #losses = new Map<string, Map<number, number>>()
  readonly #arrival: Arrival = {
    epoch: 1,
    sinceMs: Number.NEGATIVE_INFINITY,
    connection: 0,
    qos: 0,
    duplicateFlag: false,
    nowMs: 0,
  }

  /** `nowMs`: on the fleet's clock, when the batch came. */
  take(shard: number, batch: TrafficBatch, nowMs: number): void {
    this.wills.push(...batch.wills)
    const places = batch.shares.map((name) => this.#placeOf(name))
    const losses = batch.shares.map((name, i) => this.#lossesOf(name, shard, batch.losses[i]!))
    for (let row = 0; row < batch.length; row++) {
      const share = batch.share[row]!
      const arrival = this.#arrival
      arrival.nowMs = nowMs
      arrival.connection = losses[share]!
      arrival.qos = batch.qos[row] as Arrival['qos']
      arrival.duplicateFlag = batch.duplicateFlag[row] === 1
      this.#receipts.take(
        places[share]!,
        batch.tag[row]!,
        batch.publisher[row]!,
        batch.sequence[row]!,
        arrival,
      )
    }
  }

  /** What the members of each shared subscription got together. */
  *shared(): Generator<{ subscription: string; receipt: PairReceipt }> {
    const names = [...this.#shares.keys()]
    for (const receipt of this.#receipts.list()) yield { subscription: names[receipt.subscriber]!, receipt }
  }

  #placeOf(name: string): number {
    let place = this.#shares.get(name)
    if (place === undefined) {
      place = this.#shares.size
      this.#shares.set(name, place)
    }
    return place
  }

  /** All that members of a share lost so far, `losses` of them in this shard. */
  #lossesOf(name: string, shard: number, losses: number): number {
    const byShard = this.#losses.get(name) ?? new Map<number, number>()
    this.#losses.set(name, byShard.set(shard, losses))
    return [...byShard.values()].reduce((sum, count) => sum + count, 0)
  }
}
