import { setTimeout as sleep } from 'node:timers/promises'
import { type Clock, fleetClock } from '#weir/bench/engine/clock.ts'
import type { FromProcess, ShardAssignment } from '#weir/bench/fleet/hosts/shard-host.ts'
import type { ToShard } from '#weir/bench/fleet/shard-messages.ts'
import type { FleetPod } from '#weir/cluster/fleet-job/fleet-job.ts'
import { type FleetPodHttp, type PodAnswer, PodRefusal } from '#weir/cluster/fleet-job/pod-http.ts'
import { messageOf, WeirError, weirVersion } from '#weir/errors/index.ts'
import { type ClockReading, clockReading, correctionMs, type RoundTrip } from './clock-comparison.ts'
import { fromJson, toJson } from './json.ts'
import { beginText } from './order.ts'
import { decode, frames, LAST_HEADER, REACHES_HEADER, WIRE_FORMAT } from './wire.ts'

const REQUEST_MS = 10_000
/** Choosing the way to the brokers may take a try of each address. */
const BEGIN_MS = 60_000
const RETRY_MS = 250
/**
 * A pod that answers nothing for so long is lost. Until then its messages wait in it: an API server that is restarted costs nothing. Less than
 * the minute after which a pod takes the run for gone.
 */
const LOST_MS = 40_000
const CONFIRM_MS = 500
/** A request for news is answered sooner, with news or without. */
const SILENT_MS = 5000
const COMPARE_EVERY_MS = 5000
const FIRST_TRIPS = 20
const TRIPS = 7

export interface LinkOutlets {
  /** What the pod's shards say, each message once and in order. */
  hear(message: FromProcess): void
  /** The pod is gone for good; `sinceMs`: up to when its events have come. */
  lost(how: string, sinceMs: number): void
  compared(reading: ClockReading): void
}

/** The coordinator's end of one pod: orders in order, news until it is lost or released, and its clock compared all along. */
export class PodLink {
  readonly pod: FleetPod
  readonly #http: Pick<FleetPodHttp, 'request' | 'close'>
  readonly #lostMs: number
  #clock: Clock = fleetClock(process.hrtime.bigint())
  #out: LinkOutlets | undefined
  #orders: { shard: number; message: ToShard }[] = []
  #orderNumber = 0
  #isSending = false
  #lastNews = 0
  /** When an answer came last. */
  #heardMs = 0
  /** Up to when its events have come: earlier than that where it has more than one answer takes. */
  #knownMs = 0
  #over = false
  /** Why the last request failed. */
  #failure: string | undefined
  #lostBy: string | undefined

  /** `lostMs`: how long it may be silent. */
  constructor(pod: FleetPod, http: Pick<FleetPodHttp, 'request' | 'close'>, { lostMs = LOST_MS } = {}) {
    this.pod = pod
    this.#http = http
    this.#lostMs = lostMs
  }

  /** The pod answers, and is of this version. Throws WEIR_FLEET_JOB after `limitMs`. */
  async greet(limitMs: number): Promise<void> {
    const answer = await this.#until(limitMs, () =>
      this.#http.request('GET', '/hello', { timeoutMs: REQUEST_MS }),
    )
    const { format, weir } = fromJson(answer.body.toString()) as { format?: number; weir?: string }
    if (format === WIRE_FORMAT && weir === weirVersion()) return
    throw new WeirError(
      'WEIR_FLEET_JOB',
      `the image of the fleet pods has weir ${weir}, and this is ${weirVersion()}: use an image of this version with --fleet-image`,
    )
  }

  /** Hands the pod its shards, on the fleet's clock. Rejects with the pod's own words where it cannot run them. */
  async begin(assignments: readonly ShardAssignment[], out: LinkOutlets): Promise<{ warning?: string }> {
    this.#clock = fleetClock(assignments[0]?.clockZeroNs ?? 0n)
    const answer = await this.#beginning(assignments).catch((error: unknown) => {
      const refusal = error instanceof PodRefusal ? error.words : messageOf(error)
      throw new Error(this.#lostBy ?? `fleet pod ${this.pod.name}: ${refusal}`, { cause: error })
    })
    this.#out = out
    this.#heardMs = this.#clock.nowMs()
    this.#knownMs = this.#heardMs
    void this.#follow()
    void this.#compareAlways()
    return fromJson(answer.body.toString()) as { warning?: string }
  }

  async #beginning(assignments: readonly ShardAssignment[]): Promise<PodAnswer> {
    const first = clockReading(await this.#trips(FIRST_TRIPS))
    // Of its own clock: what it shows at the fleet's zero.
    const zeroNs = BigInt(Math.round(first.aheadMs * 1e6))
    const body = Buffer.from(beginText(assignments, zeroNs))
    return this.#http.request('POST', '/begin', { body, timeoutMs: BEGIN_MS })
  }

  send(shard: number, message: ToShard): void {
    if (this.#over) return
    this.#orders.push({ shard, message })
    if (!this.#isSending) void this.#sendOrders()
  }

  /** Kubernetes says that the pod has ended. */
  async gone(how: string): Promise<void> {
    // What it sent before may be on its way: its own last words say more.
    await sleep(RETRY_MS)
    this.#lose(`fleet pod ${this.pod.name} ${how}`)
  }

  /** Everything has come: the pod may end. */
  async end(): Promise<void> {
    if (this.#over) return
    this.#over = true
    await this.#confirm()
    this.#http.close()
  }

  /** The fleet is stopped and waits no longer: what has not come of the pod is unknown. */
  giveUp(): void {
    const silentMs = this.#clock.nowMs() - this.#heardMs
    const { name } = this.pod
    const why = this.#failure === undefined ? '' : `: ${this.#failure}`
    this.#lose(
      silentMs > SILENT_MS
        ? `fleet pod ${name} fell silent (nothing came for ${Math.round(silentMs / 1000)} s, and then the fleet was stopped${why})`
        : `fleet pod ${name} did not stop in time`,
    )
  }

  /** Nothing more is wanted of the pod. */
  release(): void {
    this.#over = true
    this.#http.close()
  }

  #lose(how: string): void {
    if (this.#over) return
    this.#lostBy = how
    this.release()
    this.#out?.lost(how, this.#knownMs)
  }

  async #follow(): Promise<void> {
    while (!this.#over)
      try {
        const path = `/news?after=${this.#lastNews}`
        const { body, headers } = await this.#http.request('GET', path, { timeoutMs: REQUEST_MS })
        if (this.#over) return
        const messages = frames(body).map(decode)
        this.#lastNews = Number(headers[LAST_HEADER])
        this.#heardMs = this.#clock.nowMs()
        for (const message of messages) this.#out?.hear(message)
        const reachesMs = Number(headers[REACHES_HEADER])
        if (reachesMs > this.#knownMs) this.#knownMs = Math.min(reachesMs, this.#heardMs)
        const died = messages.find((message) => message.type === 'died')
        if (died) await this.#farewell(died.what)
      } catch (error) {
        await this.#failed(error)
      }
  }

  /** The pod ends, and waits only to know that its last words have come. */
  async #farewell(what: string): Promise<void> {
    await this.#confirm()
    this.#lose(`fleet pod ${this.pod.name} ended: ${what}`)
  }

  /** It forgets what it knows to have arrived. */
  async #confirm(): Promise<void> {
    const path = `/news?after=${this.#lastNews}`
    await this.#http.request('GET', path, { timeoutMs: CONFIRM_MS }).catch(() => undefined)
  }

  async #sendOrders(): Promise<void> {
    this.#isSending = true
    while (this.#orders.length > 0 && !this.#over) {
      const messages = this.#orders
      this.#orders = []
      const body = Buffer.from(toJson({ number: ++this.#orderNumber, messages }))
      for (let isSent = false; !isSent && !this.#over; )
        try {
          await this.#http.request('POST', '/orders', { body, timeoutMs: REQUEST_MS })
          isSent = true
        } catch (error) {
          await this.#failed(error)
        }
    }
    this.#isSending = false
  }

  async #failed(error: unknown): Promise<void> {
    this.#failure = messageOf(error)
    const silentMs = this.#clock.nowMs() - this.#heardMs
    if (silentMs > this.#lostMs)
      this.#lose(
        `fleet pod ${this.pod.name} has not answered for ${Math.round(silentMs / 1000)} s (${this.#failure})`,
      )
    await sleep(RETRY_MS)
  }

  async #compareAlways(): Promise<void> {
    while (!this.#over)
      try {
        const reading = clockReading(await this.#trips(TRIPS))
        if (this.#over) return
        this.#out?.compared(reading)
        const aheadMs = correctionMs(reading)
        if (aheadMs !== 0)
          await this.#http.request('POST', '/clock', {
            body: Buffer.from(String(aheadMs)),
            timeoutMs: REQUEST_MS,
          })
        await sleep(COMPARE_EVERY_MS)
      } catch {
        // The news say whether it is lost. Until then its clock is as unknown as it is.
        await sleep(RETRY_MS)
      }
  }

  async #trips(count: number): Promise<RoundTrip[]> {
    const trips: RoundTrip[] = []
    for (let i = 0; i < count; i++) {
      const sentMs = this.#clock.nowMs()
      const { body } = await this.#http.request('GET', '/clock', { timeoutMs: REQUEST_MS })
      const receivedMs = this.#clock.nowMs()
      const answer = fromJson(body.toString()) as { fleetMs: number } | { ns: bigint }
      trips.push({ sentMs, receivedMs, podMs: 'ns' in answer ? Number(answer.ns) / 1e6 : answer.fleetMs })
    }
    return trips
  }

  async #until<T>(limitMs: number, ask: () => Promise<T>): Promise<T> {
    for (const endMs = performance.now() + limitMs; ; await sleep(RETRY_MS))
      try {
        return await ask()
      } catch (error) {
        if (this.#lostBy !== undefined) throw new WeirError('WEIR_FLEET_JOB', this.#lostBy, { cause: error })
        if (performance.now() < endMs) continue
        throw new WeirError(
          'WEIR_FLEET_JOB',
          `${messageOf(error)}: run weir where it can reach pods, or grant "create pods/proxy" (deploy/rbac.yaml and deploy/fleet-rbac.yaml)`,
          { cause: error },
        )
      }
  }
}
