import type { InFlight } from './in-flight.ts'

/** Packet ids that are released at once; a publisher needs one more than it has messages in flight. */
const BLOCK = 64

/**
 * Packet ids of a session that another process has left on the server. The server may still hold some of them: it received a QoS 2
 * message whose release never came, and takes the next message with that id for a copy (MQTT 3.1.1 §4.3.3, MQTT 5 §4.3.3), which only
 * MQTT 5 says in its PUBREC. So each id is released, and its PUBCOMP awaited, before a message gets it. A server answers the release of
 * an id that it does not hold, too.
 */
export class ResumedIds {
  readonly #inFlight: InFlight
  /** Released, without a PUBCOMP yet; in order. */
  readonly #awaited = new Set<number>()
  #unsent: number[] = []
  #upTo = 0

  constructor(inFlight: InFlight) {
    this.#inFlight = inFlight
    inFlight.freshUpTo = 0
    this.more()
  }

  /** No id is left for a message: releases some more, unless the last ones are not answered yet. */
  more(): void {
    if (this.#awaited.size > 0) return
    for (let id = this.#upTo + 1; id <= this.#upTo + BLOCK; id++) this.#awaited.add(id)
    this.#upTo += BLOCK
    this.#unsent = [...this.#awaited]
  }

  /** Another connection to the same session: what is not answered is sent again. */
  again(): void {
    this.#unsent = [...this.#awaited]
  }

  /** Ids to send a PUBREL for now. */
  takeUnsent(): readonly number[] {
    const ids = this.#unsent
    if (ids.length > 0) this.#unsent = []
    return ids
  }

  /** A PUBCOMP: true if it answers one of these. */
  completed(id: number): boolean {
    if (!this.#awaited.delete(id)) return false
    if (this.#awaited.size === 0) this.#inFlight.freshUpTo = this.#upTo
    return true
  }
}
