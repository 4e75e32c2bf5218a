import { CLIENT_KIND } from '#weir/facts/client-events.ts'
import type { ClientEvents, FleetTable, LatencyBuckets, LedgerReport } from '#weir/facts/index.ts'
import { type Clock, fleetClock } from '../engine/clock.ts'
import { FleetLedger } from '../ledger/fleet-ledger.ts'
import { joinedBuckets } from '../ledger/latencies.ts'
import { ledgerReport, lostIn } from '../ledger/report.ts'
import { ROUTE_GRACE_MS } from '../ledger/settle-pair.ts'
import type { LedgerIdentity, LedgerPart } from '../ledger/shard-ledger.ts'
import type { TrafficPlan } from '../traffic/plan.ts'
import { beginTogether } from '../traffic/shard-traffic.ts'
import type { FleetCounters, FleetSpec } from '../types.ts'
import type { ShardNews } from './hosts/shard-host.ts'
import type { ToShard } from './shard-messages.ts'

const POLL_EVERY_MS = 50
/** Nothing came for so long: what has not come by now is held up, or lost. */
const QUIET_MS = 500

/** What the traffic of a fleet is run by. */
export interface TrafficOutlets {
  counters(): FleetCounters
  /** To every shard. */
  send(message: ToShard): void
  shards: number
  /** How long a message to the shards may take at most. */
  aheadMs: number
}

/** The messages of a whole fleet: their start, their end, and their account. */
export class FleetTraffic {
  readonly #spec: FleetSpec
  readonly #subscribers: number
  readonly #plan: TrafficPlan
  readonly #tag: number
  readonly #out: TrafficOutlets
  readonly #clock: Clock
  readonly #central = new FleetLedger()
  readonly #parts: (LedgerPart | undefined)[]
  /** The latencies of each shard, as it counted them last. */
  readonly #latencies = new Map<number, readonly LatencyBuckets[]>()
  /** Answers to the question for parts: who waits for them, and which shards' have not come. */
  #answered: PromiseWithResolvers<void> | undefined
  readonly #missing = new Set<number>()
  /** Shards that are lost: their clients' part of the account is unknown. */
  readonly #lost = new Set<number>()
  #starting: NodeJS.Timeout | undefined
  /** Only as long as publishers wait for it. */
  #attempted: Attempted | undefined
  #ended = false
  #settled = false

  constructor(
    spec: FleetSpec,
    table: FleetTable,
    { plan, identity }: { plan: TrafficPlan; identity: LedgerIdentity },
    out: TrafficOutlets,
  ) {
    this.#spec = spec
    this.#plan = plan
    this.#tag = identity.tag
    this.#out = out
    this.#clock = fleetClock(spec.clockZeroNs)
    this.#subscribers = table.group.filter((group) => table.groups[group]!.subscribed).length
    this.#parts = Array.from({ length: out.shards }, () => undefined)
    if (spec.trafficStart === 'when-all-tried') this.#attempted = new Attempted(spec.clients)
  }

  /** The arrival schedule runs: publishers that wait for everybody begin once everybody is there. */
  watch(): void {
    if (!beginTogether(this.#spec.trafficStart)) return
    this.#starting = setInterval(() => {
      if (!this.#attempted?.all && !this.#isReady()) return
      this.close()
      this.#out.send({
        type: 'traffic-begin',
        startMs: this.#clock.nowMs() + Math.max(ROUTE_GRACE_MS, this.#out.aheadMs),
      })
    }, POLL_EVERY_MS)
  }

  /** What happened to clients. */
  observe(batch: Pick<ClientEvents, 'length' | 'client' | 'kind'>): void {
    this.#attempted?.take(batch)
  }

  take(shard: number, news: Exclude<ShardNews, { type: 'batch' }>): void {
    if (news.type === 'traffic') {
      this.#central.take(shard, news.batch, this.#clock.nowMs())
      return
    }
    if (news.type === 'latencies') {
      this.#latencies.set(shard, news.latencies)
      return
    }
    this.#parts[shard] = news.part
    this.#answers(shard)
  }

  /** The latencies so far, a second old at most. */
  latencies(): LatencyBuckets[] {
    return joinedBuckets([...this.#latencies.values()].flat())
  }

  /** Nothing comes of this shard any more. */
  lose(shard: number): void {
    this.#lost.add(shard)
    this.#answers(shard)
  }

  /** See `Fleet.endTraffic`; `unanswered` by number. `gone` settles when all shards have ended. */
  async end(
    limitMs: number,
    gone: Promise<unknown>,
  ): Promise<{ settled: boolean; unanswered: readonly number[] }> {
    const deadlineMs = performance.now() + limitMs
    const late = Promise.withResolvers<void>()
    const timer = setTimeout(late.resolve, limitMs)
    await this.#end(deadlineMs, gone, late.promise).finally(() => clearTimeout(timer))
    return { settled: this.#settled, unanswered: [...this.#missing] }
  }

  async #end(deadlineMs: number, gone: Promise<unknown>, late: Promise<void>): Promise<void> {
    this.#stopPublishing()
    let received = -1
    let quietSinceMs = performance.now()
    let nextPollMs = 0
    // All shards have answered since messages came last. A later question that the deadline cuts off does not change that.
    let isAnswered = false
    let isGone = false
    const end = gone.then(
      () => (isGone = true),
      () => (isGone = true),
    )
    const isQuiet = () => performance.now() - quietSinceMs >= QUIET_MS
    while (!isGone && !this.#settled && performance.now() < deadlineMs) {
      await Promise.race([end, new Promise((resolve) => setTimeout(resolve, POLL_EVERY_MS))])
      const { received: now, online } = this.#out.counters()
      if (now !== received) {
        received = now
        quietSinceMs = performance.now()
        isAnswered = false
        continue
      }
      if (performance.now() < nextPollMs) continue
      // Without a client nothing can arrive, and nothing is known of what was in flight.
      if (online === 0 && isQuiet()) return
      // The number of other fleets' messages is unknown.
      if (this.#spec.otherFleets && !isQuiet()) continue
      const requestedMs = performance.now()
      await Promise.race([end, late, this.#requestParts()])
      if (this.#missing.size > 0) continue
      isAnswered = true
      this.#settled = this.#sum('inFlight') === 0 && lostIn(this.#report(false)) === 0
      // The books of a large fleet take their time, in every thread: not more than a tenth of it.
      nextPollMs = performance.now() + Math.max(POLL_EVERY_MS, 9 * (performance.now() - requestedMs))
    }
    // What has not come by now will not: it is lost, or its publisher is away for good.
    if (isAnswered && !isGone && isQuiet() && this.#sum('answerable') === 0) this.#settled = true
  }

  /** The last parts have come with the end of the shards. */
  ledger(): LedgerReport {
    clearInterval(this.#starting)
    const report = this.#report(this.#settled)
    const inFlight = this.#presentParts().reduce((sum, part) => sum + part.inFlight, 0)
    const complete =
      this.#presentParts().length === this.#out.shards && inFlight === 0 && lostIn(report) === 0
    return { ...report, settled: this.#lost.size === 0 && (this.#settled || complete) }
  }

  /** Nothing begins any more. */
  close(): void {
    clearInterval(this.#starting)
    this.#attempted = undefined
  }

  /**
   * All clients that can still connect have done so. A subscriber that is refused repeatedly counts each time: publishers
   * may then start before another is subscribed.
   */
  #isReady(): boolean {
    const { online, gaveUp, subscribed, subscribesRefused } = this.#out.counters()
    if (online + gaveUp < this.#spec.clients) return false
    return subscribed + gaveUp + subscribesRefused >= this.#subscribers
  }

  #stopPublishing(): void {
    this.close()
    if (!this.#ended) this.#out.send({ type: 'traffic-end' })
    this.#ended = true
  }

  #requestParts(): Promise<void> {
    // Who asks while an answer is under way gets the same.
    this.#answered ??= Promise.withResolvers<void>()
    if (this.#missing.size === 0) {
      for (let shard = 0; shard < this.#out.shards; shard++)
        if (!this.#lost.has(shard)) this.#missing.add(shard)
      this.#out.send({ type: 'traffic-part' })
    }
    return this.#answered.promise
  }

  #answers(shard: number): void {
    if (!this.#missing.delete(shard) || this.#missing.size > 0) return
    this.#answered?.resolve()
    this.#answered = undefined
  }

  #sum(of: 'inFlight' | 'answerable'): number {
    return this.#presentParts().reduce((sum, part) => sum + part[of], 0)
  }

  #presentParts(): LedgerPart[] {
    return this.#parts.filter((part) => part !== undefined)
  }

  #report(settled: boolean): LedgerReport {
    return ledgerReport({
      tag: this.#tag,
      plan: this.#plan,
      parts: this.#presentParts(),
      central: this.#central,
      settled,
    })
  }
}

/** How a first attempt can end. */
const ENDS: readonly number[] = [CLIENT_KIND.connected, CLIENT_KIND.refused, CLIENT_KIND.failed]

/** Who of a fleet has been connected, or has at least failed to, by the events of its clients. */
class Attempted {
  readonly #has: Uint8Array
  #count = 0

  constructor(clients: number) {
    this.#has = new Uint8Array(clients)
  }

  get all(): boolean {
    return this.#count === this.#has.length
  }

  take({ length, client, kind }: Pick<ClientEvents, 'length' | 'client' | 'kind'>): void {
    for (let row = 0; row < length; row++) {
      const index = client[row]!
      if (this.#has[index] === 1 || !ENDS.includes(kind[row]!)) continue
      this.#has[index] = 1
      this.#count++
    }
  }
}
