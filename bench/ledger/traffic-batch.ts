import type { Qos, WillReceipt } from '#weir/facts/index.ts'

/**
 * What the fleet's owner accounts for, as it crosses threads: messages of shared subscriptions, whose members may be in any
 * shard, and wills.
 */
export interface TrafficBatch {
  length: number
  /** Index into `shares`. */
  share: Uint32Array
  tag: Uint32Array
  publisher: Uint32Array
  sequence: Uint32Array
  qos: Uint8Array
  duplicateFlag: Uint8Array
  /** Index of the member. */
  client: Uint32Array
  /** The shared subscriptions of this shard, `$share/…` with variables replaced, and how often a member of each lost its connection. */
  shares: readonly string[]
  losses: readonly number[]
  wills: WillReceipt[]
}

const ROWS = 4096

/** Collects batches; nothing is allocated for a message. */
export class TrafficLog {
  readonly #send: (batch: TrafficBatch) => void
  readonly #shares: readonly string[]
  readonly #losses: number[]
  readonly #share = new Uint32Array(ROWS)
  readonly #tag = new Uint32Array(ROWS)
  readonly #publisher = new Uint32Array(ROWS)
  readonly #sequence = new Uint32Array(ROWS)
  readonly #qos = new Uint8Array(ROWS)
  readonly #duplicateFlag = new Uint8Array(ROWS)
  readonly #client = new Uint32Array(ROWS)
  #length = 0
  #wills: WillReceipt[] = []

  constructor(shares: readonly string[], send: (batch: TrafficBatch) => void) {
    this.#shares = shares
    this.#losses = shares.map(() => 0)
    this.#send = send
  }

  arrived(
    share: number,
    tag: number,
    publisher: number,
    sequence: number,
    qos: Qos,
    dup: boolean,
    client: number,
  ): void {
    const row = this.#length++
    this.#share[row] = share
    this.#tag[row] = tag
    this.#publisher[row] = publisher
    this.#sequence[row] = sequence
    this.#qos[row] = qos
    this.#duplicateFlag[row] = dup ? 1 : 0
    this.#client[row] = client
    if (this.#length === ROWS) this.flush()
  }

  connectionLost(share: number): void {
    this.#losses[share]!++
  }

  will(will: WillReceipt): void {
    this.#wills.push(will)
    if (this.#wills.length === ROWS) this.flush()
  }

  flush(): void {
    const length = this.#length
    if (length === 0 && this.#wills.length === 0) return
    const wills = this.#wills
    this.#length = 0
    this.#wills = []
    this.#send({
      length,
      share: this.#share.slice(0, length),
      tag: this.#tag.slice(0, length),
      publisher: this.#publisher.slice(0, length),
      sequence: this.#sequence.slice(0, length),
      qos: this.#qos.slice(0, length),
      duplicateFlag: this.#duplicateFlag.slice(0, length),
      client: this.#client.slice(0, length),
      shares: this.#shares,
      losses: [...this.#losses],
      wills,
    })
  }
}
