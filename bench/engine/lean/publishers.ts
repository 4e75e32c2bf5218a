import * as type from '../../codec/packet-type.ts'
import { FIRST_FAILURE, PACKET_ID_IN_USE } from '../../codec/reason-code.ts'
import type { Latencies } from '../../ledger/latencies.ts'
import type { PublisherBooks } from '../../ledger/shard-ledger.ts'
import { TimerWheel } from '../../timers/timer-wheel.ts'
import type { ShardOutlets } from '../engine.ts'
import type { ShardPublishers } from '../lifecycle/client-traffic.ts'
import type { Client } from './client.ts'
import { AWAITS_PUBACK, AWAITS_PUBCOMP, AWAITS_PUBREC_AGAIN, FREE } from './in-flight.ts'
import type { AckKind } from './protocol-handler.ts'
import type { Publishing } from './publishing.ts'
import { Sender } from './sender.ts'

const NEVER = Number.POSITIVE_INFINITY

export interface PublishersOutlets extends Pick<ShardOutlets, 'clock' | 'counters'> {
  latencies: Latencies
  /** Something is due then. */
  wakeAt(dueMs: number): void
}

/** The publishers of a lean shard: when they send, and what their acknowledgements mean. */
export class Publishers implements ShardPublishers<Client> {
  readonly #out: PublishersOutlets
  readonly #all: readonly Publishing[]
  readonly #wheel: TimerWheel
  readonly #sender: Sender
  /** When all begin; undefined: each when it is connected. */
  #startMs: number | undefined
  #ended = false
  /** Acknowledgements of this read, and when it came. */
  #acknowledged = 0
  #readMs = 0

  /** `all`: their timers numbered from 0. `waits`: they begin when `begin` is called, not each when it is connected. */
  constructor(all: readonly Publishing[], waits: boolean, out: PublishersOutlets) {
    this.#all = all
    this.#out = out
    this.#startMs = waits ? NEVER : undefined
    this.#wheel = new TimerWheel(all.length, out.clock.nowMs())
    this.#sender = new Sender(out.counters, this.#wakeAt)
  }

  begin(startMs: number): void {
    this.#startMs = startMs
    for (const publishing of this.#all) if (publishing.online) this.#schedule(publishing, startMs)
  }

  end(): void {
    if (this.#ended) return
    this.#ended = true
    const nowMs = this.#out.clock.nowMs()
    for (const publishing of this.#all) {
      publishing.skip(nowMs)
      publishing.unbar(this.#out.counters)
    }
  }

  connected(publishing: Publishing, sessionPresent: boolean): void {
    const { inFlight, account } = publishing
    const nowMs = this.#out.clock.nowMs()
    const ids = inFlight.size > 0 ? inFlight.ids() : []
    publishing.online = true
    publishing.continues(sessionPresent)
    publishing.introduces = true
    publishing.outstanding = 0
    publishing.resend = sessionPresent ? ids : []
    publishing.resent = 0
    if (!sessionPresent)
      for (const id of ids) {
        account.abandon(inFlight.sequence(id))
        inFlight.remove(id)
      }
    publishing.skip(nowMs)
    if (!this.#ended) publishing.bar(publishing.nextBound, this.#out.counters)
    this.#schedule(publishing, this.#startMs ?? nowMs)
    this.#send(publishing, nowMs)
  }

  closed({ publishing }: Client): void {
    if (!publishing) return
    publishing.online = false
    if (publishing.barred) publishing.skip(this.#out.clock.nowMs())
    publishing.unbar(this.#out.counters)
    this.#wheel.cancel(publishing.timer)
  }

  nextDueMs(): number {
    return this.#wheel.nextDueMs()
  }

  advance(nowMs: number): void {
    this.#wheel.advance(nowMs, this.#onDue)
  }

  // Acknowledgements.

  /** The packets of one read follow. */
  beginRead(): void {
    this.#readMs = 0
  }

  /** When they came: the clock is read once for all of them. */
  get readMs(): number {
    if (this.#readMs === 0) this.#readMs = this.#out.clock.nowMs()
    return this.#readMs
  }

  /** False for an acknowledgement of nothing that is in flight. */
  acknowledged(publishing: Publishing, ack: AckKind, id: number, reason: number): boolean {
    const { inFlight, account, spec, resumedIds } = publishing
    if (ack === type.PUBCOMP && resumedIds?.completed(id)) return true
    const state = inFlight.state(id)
    if (ack === type.PUBREC) {
      if (state === FREE || state === AWAITS_PUBACK) return false
      if (reason < FIRST_FAILURE) {
        // A second PUBREC, which is released a second time.
        if (state === AWAITS_PUBCOMP) publishing.client.surplusReleases++
        inFlight.move(id, AWAITS_PUBCOMP)
        return true
      }
      if (reason === PACKET_ID_IN_USE && state === AWAITS_PUBREC_AGAIN) {
        this.#releaseHeld(publishing, id)
        return true
      }
    } else if (state !== (ack === type.PUBACK ? AWAITS_PUBACK : AWAITS_PUBCOMP)) return false
    // Any PUBCOMP ends an exchange whose message the server accepted with its PUBREC (MQTT 5 §3.7.2.1).
    if (reason >= FIRST_FAILURE && ack !== type.PUBCOMP) account.refuse(inFlight.sequence(id))
    else {
      account.acknowledged++
      this.#acknowledged++
      this.#out.latencies.record('ack', spec.qos, this.readMs - inFlight.plannedMs(id))
    }
    inFlight.remove(id)
    // A server may answer a message that this connection has not sent again yet.
    if (publishing.outstanding > 0) publishing.outstanding--
    return true
  }

  /**
   * EMQX 5.8 answers "packet identifier in use" to a message that it already has and keeps the id occupied: it would take
   * the next message with that id for this one.
   */
  #releaseHeld(publishing: Publishing, id: number): void {
    publishing.inFlight.move(id, AWAITS_PUBCOMP)
    // The PUBREL is sent with the resent messages, at the end of this read.
    if (publishing.outstanding > 0) publishing.outstanding--
    publishing.resend.push(id)
  }

  /** The read is over: sends what it made room for. */
  endRead(publishing: Publishing): void {
    if (this.#acknowledged > 0) {
      this.#out.counters.add('acknowledged', this.#acknowledged)
      this.#acknowledged = 0
    }
    if (publishing.online) this.#send(publishing, this.#out.clock.nowMs())
  }

  books(): PublisherBooks {
    const { beganMs, endedMs } = this.#sender
    return {
      publishers: this.#all.map(({ account, inFlight }) =>
        account.row(inFlight.ids().map((id) => inFlight.sequence(id))),
      ),
      inFlight: this.#all.reduce((sum, { inFlight }) => sum + inFlight.size, 0),
      // An offline client's messages cannot be answered now, but may be when it comes back.
      answerable: this.#all.reduce((sum, { inFlight, online }) => sum + (online ? inFlight.size : 0), 0),
      ...(beganMs === NEVER ? {} : { beganMs, endedMs }),
    }
  }

  #schedule(publishing: Publishing, startMs: number): void {
    if (startMs !== NEVER && !this.#ended) this.#wakeAt(publishing, publishing.begin(startMs))
  }

  #send(publishing: Publishing, nowMs: number): void {
    this.#sender.send(publishing, nowMs, !this.#ended)
  }

  readonly #onDue = (timer: number): void => this.#send(this.#all[timer]!, this.#out.clock.nowMs())

  readonly #wakeAt = (publishing: Publishing, dueMs: number): void => {
    this.#wheel.set(publishing.timer, dueMs)
    this.#out.wakeAt(dueMs)
  }
}
