import * as type from '../../codec/packet-type.ts'
import { publishLength } from '../../codec/publish.ts'
import { FIRST_FAILURE, PACKET_ID_IN_USE } from '../../codec/reason-code.ts'
import type { CounterRow } from '../../counters/live-counters.ts'
import type { Latencies } from '../../ledger/latencies.ts'
import type { PublisherBooks } from '../../ledger/shard-ledger.ts'
import { TimerWheel } from '../../timers/timer-wheel.ts'
import { PublishSchedule } from '../../traffic/publish-schedule.ts'
import type { Clock } from '../clock.ts'
import type { AckKind } from './conversation.ts'
import { AWAITS_PUBACK, AWAITS_PUBCOMP, AWAITS_PUBREC, AWAITS_PUBREC_AGAIN, FREE } from './in-flight.ts'
import { Outbox } from './outbox.ts'
import { formOf, nextBound, type Publishing, windowOf } from './publishing.ts'

/** Bytes that may wait in a connection for the kernel: beyond them messages wait for their turn, and their latency tells. */
const MOST_UNSENT_BYTES = 64 * 1024
/** A connection that is full is looked at again after this. */
const FULL_WAIT_MS = 2
/** Messages that one client sends in one turn of the event loop. */
const MESSAGES_PER_TURN = 256
const NEVER = Number.POSITIVE_INFINITY

/** What publishers need of their shard. */
export interface PublishersOutlets {
  clock: Clock
  counters: CounterRow
  latencies: Latencies
  /** Something is due then. */
  wakeAt(dueMs: number): void
}

/**
 * The publishers of a shard: an open loop. Each message is due at its planned instant; while there is no room in flight or in the
 * socket it waits, and its latency counts from when it was due. A message that is due while the client is away is skipped.
 */
export class Publishers {
  readonly #out: PublishersOutlets
  readonly #all: readonly Publishing[]
  readonly #wheel: TimerWheel
  readonly #outbox = new Outbox()
  /** When all begin; undefined: each when it is connected. */
  #startMs: number | undefined
  #ended = false
  #beganMs = NEVER
  #endedMs = -NEVER
  /** Acknowledgements of this read, and when it came. */
  #acknowledged = 0
  #readMs = 0

  /** `all`: their timers numbered from 0. `waits`: they begin when `begin` says so, not each when it is connected. */
  constructor(all: readonly Publishing[], waits: boolean, out: PublishersOutlets) {
    this.#all = all
    this.#out = out
    this.#startMs = waits ? NEVER : undefined
    this.#wheel = new TimerWheel(all.length, out.clock.nowMs())
  }

  begin(startMs: number): void {
    this.#startMs = startMs
    for (const publishing of this.#all) if (publishing.online) this.#schedule(publishing, startMs)
  }

  /** Nobody publishes any more; what was due by now and not sent is skipped. */
  end(): void {
    if (this.#ended) return
    this.#ended = true
    const nowMs = this.#out.clock.nowMs()
    for (const publishing of this.#all) {
      this.#skip(publishing, nowMs)
      this.#unbar(publishing)
    }
  }

  connected(publishing: Publishing, sessionPresent: boolean): void {
    const { inFlight, account } = publishing
    const nowMs = this.#out.clock.nowMs()
    publishing.online = true
    publishing.introduces = true
    publishing.outstanding = 0
    publishing.resend = sessionPresent && inFlight.size > 0 ? inFlight.ids() : []
    publishing.resent = 0
    if (!sessionPresent)
      for (const id of inFlight.size > 0 ? inFlight.ids() : []) {
        account.abandon(inFlight.sequence(id))
        inFlight.remove(id)
      }
    if (publishing.schedule) this.#skip(publishing, nowMs)
    this.#bar(publishing)
    this.#schedule(publishing, this.#startMs ?? nowMs)
    this.#send(publishing, nowMs)
  }

  closed(publishing: Publishing): void {
    publishing.online = false
    if (publishing.barred) this.#skip(publishing, this.#out.clock.nowMs())
    this.#unbar(publishing)
    this.#wheel.cancel(publishing.timer)
  }

  // What is due.

  nextDueMs(): number {
    return this.#wheel.nextDueMs()
  }

  advance(nowMs: number): void {
    this.#wheel.advance(nowMs, this.#onDue)
  }

  readonly #onDue = (timer: number): void => {
    this.#send(this.#all[timer]!, this.#out.clock.nowMs())
  }

  // Acknowledgements.

  /** The packets of one read follow. */
  beginRead(): void {
    this.#readMs = 0
  }

  /** When they came: one look at the clock for all of them. */
  get readMs(): number {
    if (this.#readMs === 0) this.#readMs = this.#out.clock.nowMs()
    return this.#readMs
  }

  /** False for an acknowledgement of nothing that is in flight. */
  acknowledged(
    { client, inFlight, account, spec }: Publishing,
    ack: AckKind,
    id: number,
    reason: number,
  ): boolean {
    const state = inFlight.state(id)
    if (ack === type.PUBREC) {
      if (state === FREE || state === AWAITS_PUBACK) return false
      if (reason < FIRST_FAILURE) {
        inFlight.move(id, AWAITS_PUBCOMP)
        return true
      }
      if (reason === PACKET_ID_IN_USE && state === AWAITS_PUBREC_AGAIN) {
        this.#releaseHeld(client.publishing!, id)
        return true
      }
    } else if (state !== (ack === type.PUBACK ? AWAITS_PUBACK : AWAITS_PUBCOMP)) return false
    // A PUBCOMP of whatever code ends an exchange whose message the server has accepted with its PUBREC (MQTT 5 §3.7.2.1).
    if (reason >= FIRST_FAILURE && ack !== type.PUBCOMP) account.refuse(inFlight.sequence(id))
    else {
      account.acknowledged++
      this.#acknowledged++
      this.#out.latencies.record('ack', spec.qos, this.readMs - inFlight.plannedMs(id))
    }
    inFlight.remove(id)
    // A server may answer what this connection has not sent again yet.
    if (client.publishing!.outstanding > 0) client.publishing!.outstanding--
    return true
  }

  /**
   * EMQX 5.8 says "packet identifier in use" of a message that it has had already, and goes on holding the id: were the exchange over
   * for us, it would take the next message of that id for this one.
   */
  #releaseHeld(publishing: Publishing, id: number): void {
    publishing.inFlight.move(id, AWAITS_PUBCOMP)
    // The PUBREL goes with what is sent again, at the end of this read.
    if (publishing.outstanding > 0) publishing.outstanding--
    publishing.resend.push(id)
  }

  /** The read is over: what it made room for is sent. */
  endRead(publishing: Publishing): void {
    if (this.#acknowledged > 0) {
      this.#out.counters.add('acknowledged', this.#acknowledged)
      this.#acknowledged = 0
    }
    if (publishing.online) this.#send(publishing, this.#out.clock.nowMs())
  }

  // The books.

  books(): PublisherBooks {
    const publishers = this.#all.map(({ account, inFlight }) =>
      account.row(inFlight.ids().map((id) => inFlight.sequence(id))),
    )
    return {
      publishers,
      inFlight: this.#all.reduce((sum, { inFlight }) => sum + inFlight.size, 0),
      // Those of a client that is away cannot be answered now, but may be when it comes back.
      answerable: this.#all.reduce((sum, { inFlight, online }) => sum + (online ? inFlight.size : 0), 0),
      ...(this.#beganMs === NEVER ? {} : { beganMs: this.#beganMs, endedMs: this.#endedMs }),
    }
  }

  #schedule(publishing: Publishing, startMs: number): void {
    if (startMs === NEVER || this.#ended) return
    const { spec, rank, of } = publishing
    publishing.schedule ??= new PublishSchedule(startMs, spec.everyMs, rank, of)
    this.#wakeAt(publishing, publishing.schedule.dueMs(startMs))
  }

  #wakeAt(publishing: Publishing, dueMs: number): void {
    this.#wheel.set(publishing.timer, dueMs)
    this.#out.wakeAt(dueMs)
  }

  /** What was due by now is not sent: because the server does not take it, or because the client was away or had no room. */
  #skip({ schedule, account, limit, barred }: Publishing, nowMs: number): void {
    if (schedule && account.sent < limit) account[barred ? 'untaken' : 'skipped'] += schedule.skip(nowMs)
  }

  /** Looks whether the server takes the next message. One that it does not take stays the next as long as the connection stands. */
  #bar(publishing: Publishing): void {
    const bound = this.#ended ? undefined : nextBound(publishing)
    if (bound === undefined) return
    publishing.barred = true
    this.#out.counters.add('cannotPublish', 1)
    if (publishing.account.sent < publishing.limit) publishing.account.bound = bound
  }

  #unbar(publishing: Publishing): void {
    if (!publishing.barred) return
    publishing.barred = false
    this.#out.counters.add('cannotPublish', -1)
  }

  /** Sends what may go now: first again what the session still has in flight (MQTT 5 §4.4), then what is due. */
  #send(publishing: Publishing, nowMs: number): void {
    const { client } = publishing
    const socket = client.socket
    if (!publishing.online || socket === null) return
    if (socket.writableLength > MOST_UNSENT_BYTES) {
      this.#wakeAt(publishing, nowMs + FULL_WAIT_MS)
      return
    }
    const window = windowOf(publishing)
    const again = this.#resend(publishing, window)
    if (again && !publishing.barred && !this.#ended) this.#sendDue(publishing, window, nowMs)
    this.#outbox.flush(socket)
  }

  /** True once everything that was in flight is on its way again. */
  #resend(publishing: Publishing, window: number): boolean {
    const { resend, inFlight, account, payload, plain, client } = publishing
    while (publishing.resent < resend.length) {
      const id = resend[publishing.resent]!
      const state = inFlight.state(id)
      if (state !== FREE) {
        if (publishing.outstanding >= window) return false
        publishing.outstanding++
        if (state === AWAITS_PUBCOMP) this.#outbox.pubrel(id)
        else {
          const sequence = inFlight.sequence(id)
          account.resend(sequence)
          if (state === AWAITS_PUBREC) inFlight.move(id, AWAITS_PUBREC_AGAIN)
          this.#outbox.publish(plain, id, client.index, sequence, inFlight.plannedMs(id), payload, true)
        }
      }
      publishing.resent++
    }
    return true
  }

  #sendDue(publishing: Publishing, window: number, nowMs: number): void {
    const { schedule, account, limit, spec, client } = publishing
    if (!schedule) return
    const { maximumPacketSize } = client.limits
    let sent = 0
    while (account.sent < limit) {
      const dueMs = schedule.dueMs(nowMs)
      if (dueMs > nowMs || sent === MESSAGES_PER_TURN || this.#outbox.length > MOST_UNSENT_BYTES) {
        this.#wakeAt(publishing, Math.max(dueMs, nowMs))
        break
      }
      // An acknowledgement makes room and sends what waits.
      if (spec.qos > 0 && publishing.outstanding >= window) break
      const size = publishLength(formOf(publishing), publishing.payload.size(account.sent + 1))
      if (size > maximumPacketSize) {
        this.#bar(publishing)
        break
      }
      if (!this.#sendOne(publishing, dueMs)) break
      schedule.next++
      sent++
    }
    if (sent === 0) return
    this.#out.counters.add('published', sent)
    if (this.#beganMs === NEVER) this.#beganMs = nowMs
    this.#endedMs = nowMs
  }

  #sendOne(publishing: Publishing, plannedMs: number): boolean {
    const { inFlight, account, spec, payload, client } = publishing
    let id = 0
    if (spec.qos > 0) {
      id = inFlight.add(spec.qos === 1 ? AWAITS_PUBACK : AWAITS_PUBREC, account.sent + 1, plannedMs)
      if (id === 0) return false
      publishing.outstanding++
    }
    const sequence = account.send(plannedMs)
    const duplicate = spec.duplicateFlag === true && spec.qos > 0
    this.#outbox.publish(formOf(publishing), id, client.index, sequence, plannedMs, payload, duplicate)
    publishing.introduces = false
    return true
  }
}
