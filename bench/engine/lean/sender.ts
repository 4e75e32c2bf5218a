import { publishLength } from '../../codec/publish.ts'
import type { ShardOutlets } from '../engine.ts'
import { AWAITS_PUBACK, AWAITS_PUBCOMP, AWAITS_PUBREC, AWAITS_PUBREC_AGAIN, FREE } from './in-flight.ts'
import { Outbox } from './outbox.ts'
import type { Publishing } from './publishing.ts'

/** Bytes that may wait in a connection for the kernel: beyond them messages wait, and their latency shows it. */
const MOST_UNSENT_BYTES = 64 * 1024
/** A full connection is checked again after this. */
const FULL_WAIT_MS = 2
/** Messages that one client sends in one turn of the event loop. */
const MESSAGES_PER_TURN = 256

/** Writes the messages of a shard's publishers: a client's packets of one turn go out with one write. */
export class Sender {
  /** First and last PUBLISH, on the fleet's clock. */
  beganMs = Number.POSITIVE_INFINITY
  endedMs = Number.NEGATIVE_INFINITY
  readonly #counters: ShardOutlets['counters']
  readonly #wakeAt: (publishing: Publishing, dueMs: number) => void
  readonly #outbox = new Outbox()

  constructor(counters: ShardOutlets['counters'], wakeAt: (publishing: Publishing, dueMs: number) => void) {
    this.#counters = counters
    this.#wakeAt = wakeAt
  }

  /** Sends what may go now: first again what the session still has in flight (MQTT 5 §4.4), then, if `more`, what is due. */
  send(publishing: Publishing, nowMs: number, more: boolean): void {
    const { socket } = publishing.client
    if (!publishing.online || socket === null) return
    if (socket.writableLength > MOST_UNSENT_BYTES) {
      this.#wakeAt(publishing, nowMs + FULL_WAIT_MS)
      return
    }
    const { window, resumedIds } = publishing
    for (const id of resumedIds?.takeUnsent() ?? []) this.#outbox.pubrel(id)
    const again = this.#resend(publishing, window)
    if (again && more && !publishing.barred) this.#sendDue(publishing, window, nowMs)
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
    const { schedule, account, limit, spec, client, payload } = publishing
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
      if (publishLength(publishing.form, payload.size(account.sent + 1)) > maximumPacketSize) {
        publishing.bar(publishing.nextBound, this.#counters)
        break
      }
      if (!this.#sendOne(publishing, dueMs)) break
      schedule.next++
      sent++
    }
    if (sent === 0) return
    this.#counters.add('published', sent)
    this.beganMs = Math.min(this.beganMs, nowMs)
    this.endedMs = nowMs
  }

  #sendOne(publishing: Publishing, plannedMs: number): boolean {
    const { inFlight, account, spec, payload, client, form } = publishing
    let id = 0
    if (spec.qos > 0) {
      id = inFlight.add(spec.qos === 1 ? AWAITS_PUBACK : AWAITS_PUBREC, account.sent + 1, plannedMs)
      if (id === 0) {
        const { resumedIds } = publishing
        resumedIds?.more()
        for (const held of resumedIds?.takeUnsent() ?? []) this.#outbox.pubrel(held)
        return false
      }
      publishing.outstanding++
    }
    const sequence = account.send(plannedMs)
    const duplicate = spec.duplicateFlag === true && spec.qos > 0
    this.#outbox.publish(form, id, client.index, sequence, plannedMs, payload, duplicate)
    publishing.introduces = false
    return true
  }
}
