import type { FleetCounters } from '../types.ts'

const NAMES = [
  'scheduled',
  'attempts',
  'connected',
  'refused',
  'failed',
  'slowHandshakes',
  'disconnected',
  'gaveUp',
  'cannotPublish',
  'online',
  'inFlight',
  'droppedEvents',
  'subscribesRefused',
  'subscribed',
  'published',
  'acknowledged',
  'received',
] as const satisfies readonly (keyof FleetCounters)[]

export type CounterName = (typeof NAMES)[number]

/** Event rows that the owner of the fleet has taken: written by the main thread, read by the shard. */
const TAKEN = NAMES.length
/** A row fills whole cache lines, to avoid false sharing between shards. */
const ROW = 32
const PLACE = Object.fromEntries(NAMES.map((name, i) => [name, i])) as Record<CounterName, number>

export function makeCounterMemory(shards: number): SharedArrayBuffer {
  return new SharedArrayBuffer(shards * ROW * BigInt64Array.BYTES_PER_ELEMENT)
}

/** One shard's live figures in shared memory, 64 bits each: at 100,000 messages a second 32 bits overflow within half a day. */
export class CounterRow {
  readonly #cells: BigInt64Array

  constructor(memory: SharedArrayBuffer, shard: number) {
    this.#cells = new BigInt64Array(memory, shard * ROW * BigInt64Array.BYTES_PER_ELEMENT, ROW)
  }

  add(name: CounterName, amount: number): void {
    Atomics.add(this.#cells, PLACE[name], BigInt(amount))
  }

  get(name: CounterName): number {
    return Number(Atomics.load(this.#cells, PLACE[name]))
  }

  /** All figures but the rows taken, as they cross to another process. */
  snapshot(): BigInt64Array {
    return BigInt64Array.from(NAMES, (_, place) => Atomics.load(this.#cells, place))
  }

  restore(snapshot: BigInt64Array): void {
    for (let place = 0; place < NAMES.length; place++) Atomics.store(this.#cells, place, snapshot[place]!)
  }

  rowsTaken(rows: number): void {
    Atomics.add(this.#cells, TAKEN, BigInt(rows))
  }

  /** How many of `sent` rows have not been taken yet. */
  rowsUntaken(sent: number): number {
    return sent - Number(Atomics.load(this.#cells, TAKEN))
  }
}

/** The whole fleet's figures: the sum over its shards. */
export function sumCounters(rows: readonly CounterRow[]): FleetCounters {
  const sum = {} as Record<CounterName, number>
  for (const name of NAMES) sum[name] = rows.reduce((total, row) => total + row.get(name), 0)
  return sum
}
