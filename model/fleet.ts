import { LossBook } from '#weir/bench/policies/loss-book.ts'
import { resolvePolicy } from '#weir/bench/policies/resolve.ts'
import type { ClientEventReason } from '#weir/facts/index.ts'
import type { Agenda } from './agenda.ts'
import { burstOf } from './burst.ts'
import { ClientLists } from './client-list.ts'
import { RateMeter, Samples } from './meter.ts'
import type { Prediction, Setting } from './types.ts'

/** Attempts that are answered in one bucket are answered together: the agenda holds one entry for all of them. */
const BUCKET_SECONDS = 0.001
const NONE = -1

/**
 * The clients: where each is, where its session is, and when it comes back. No object and no timer per client, so a million fit.
 * A client has at most one attempt ahead of it, so the attempts of a bucket are a linked list through one array.
 */
export class ModelFleet {
  readonly connected: ClientLists
  /** Sessions whose client is away. */
  readonly parked: ClientLists
  /** Nodes that a new connection may reach; of them those that answer it with a refusal, and those that do not answer any more. */
  endpoints: number[] = []
  readonly refusing = new Set<number>()
  readonly gone = new Set<number>()
  readonly #agenda: Agenda
  readonly #setting: Setting
  readonly #random: () => number
  readonly #policy
  readonly #losses: LossBook
  readonly #lostAt: Float64Array
  readonly #lastWaitMs: Float32Array
  readonly #tries: Uint16Array
  readonly #next: Int32Array
  readonly #buckets = new Map<number, number>()
  readonly #whole = new RateMeter()
  readonly #ofNode: RateMeter[]
  readonly #downtimes = new Samples()
  readonly #series: Prediction['series'] = { offline: [], attempts: [] }
  #offline = 0
  #offlinePeak = 0
  #moves = 0
  #refused = 0
  #gaveUp = 0

  constructor(agenda: Agenda, setting: Setting, nodes: number, random: () => number) {
    const { clients, reconnect } = setting
    this.#agenda = agenda
    this.#setting = setting
    this.#random = random
    this.#policy = resolvePolicy(reconnect)
    this.#losses = new LossBook(this.#policy, clients)
    this.connected = new ClientLists(clients, nodes)
    this.parked = new ClientLists(clients, nodes)
    this.#lostAt = new Float64Array(clients)
    this.#lastWaitMs = new Float32Array(clients)
    this.#tries = new Uint16Array(clients)
    this.#next = new Int32Array(clients)
    this.#ofNode = Array.from({ length: nodes }, () => new RateMeter())
  }

  /** Clients who are offline and may still come back. */
  get onTheWay(): number {
    return this.#offline - this.#gaveUp
  }

  /** The node closes up to `count` connections and keeps the sessions, unless it is `gone` with them. */
  drop(node: number, count: number, gone: boolean): void {
    const most = Math.min(count, this.connected.size(node))
    const burst = burstOf(most, this.#random)
    for (let done = 0; done < most; done++) {
      const client = this.connected.take(node)!
      if (!gone && client < this.#setting.sessions * this.#setting.clients) this.parked.add(client, node)
      this.#moves++
      this.#offline++
      this.#lostAt[client] = this.#agenda.now + burst.startSeconds
      const waitsSeconds = (done / most) * burst.lengthSeconds
      this.#comeBack(client, this.#lostAt[client]! + waitsSeconds, gone ? 'closed' : 'disconnect-packet')
    }
    this.#noteOffline()
  }

  /** The client begins to wait at `fromT`. */
  #comeBack(client: number, fromT: number, reason: ClientEventReason): void {
    const nowMs = fromT * 1000
    const loss = this.#losses.lost(client, nowMs, reason)
    const wait = this.#policy.nextWait(++this.#tries[client]!, this.#lastWaitMs[client]!, this.#random, loss)
    if (wait === 'stop') {
      this.#gaveUp++
      return
    }
    this.#lastWaitMs[client] = wait
    const inSeconds = wait / 1000 + this.#setting.connectSeconds
    // One later at least: who is refused and tries again at once must not hold time still.
    const bucket = Math.max(
      Math.floor(this.#agenda.now / BUCKET_SECONDS) + 1,
      Math.round((fromT + inSeconds) / BUCKET_SECONDS),
    )
    const first = this.#buckets.get(bucket)
    if (first === undefined) this.#agenda.at(bucket * BUCKET_SECONDS, () => this.#attempts(bucket))
    this.#next[client] = first ?? NONE
    this.#buckets.set(bucket, client)
  }

  #attempts(bucket: number): void {
    let client = this.#buckets.get(bucket)!
    this.#buckets.delete(bucket)
    while (client !== NONE) {
      const next = this.#next[client]!
      this.#attempt(client)
      client = next
    }
    this.#noteOffline()
  }

  #attempt(client: number): void {
    const { now } = this.#agenda
    this.#whole.add(now)
    const second = Math.floor(now)
    this.#series.attempts[second] = (this.#series.attempts[second] ?? 0) + 1
    const node = this.endpoints[Math.floor(this.#random() * this.endpoints.length)]
    if (node !== undefined) this.#ofNode[node]!.add(now)
    const isClosed = node === undefined || this.gone.has(node)
    if (isClosed || this.refusing.has(node)) {
      this.#refused++
      this.#comeBack(client, now, isClosed ? 'connection-refused' : 'connack')
      return
    }
    this.#tries[client] = 0
    this.#lastWaitMs[client] = 0
    this.#losses.connected(client, now * 1000)
    this.parked.remove(client)
    this.connected.add(client, node)
    this.#offline--
    this.#downtimes.add(now - this.#lostAt[client]!)
  }

  #noteOffline(): void {
    const second = Math.floor(this.#agenda.now)
    this.#offlinePeak = Math.max(this.#offlinePeak, this.#offline)
    this.#series.offline[second] = Math.max(this.#series.offline[second] ?? 0, this.#offline)
  }

  figures(): Omit<Prediction, 'seconds' | 'parts'> {
    const length = Math.floor(this.#agenda.now) + 1
    const filled = (values: number[]) => Array.from({ length }, (_, second) => values[second] ?? 0)
    return {
      moves: this.#moves,
      offlinePeak: this.#offlinePeak,
      attempts: this.#whole.count,
      refused: this.#refused,
      attemptsPerSecond: this.#whole.peak,
      attemptsPerSecondOfNode: Math.max(...this.#ofNode.map(({ peak }) => peak)),
      gaveUp: this.#gaveUp,
      downtime: this.#downtimes.downtime(),
      series: { offline: filled(this.#series.offline), attempts: filled(this.#series.attempts) },
    }
  }
}
