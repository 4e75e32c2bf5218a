import type { MessageHabits } from '../faults.ts'
import { type Channel, willDelaySeconds } from './channel.ts'
import type { Ending } from './ending.ts'
import type { Delivery, Session } from './session.ts'

const DOUBLED_OF_EACH = 10
const HELD_BACK_OF_EACH = 20
/** Pairs of messages that change places in a run: early ones, so that the second of a pair still comes. */
const PAIRS = 5

/**
 * The misbehaviours of one cluster's nodes with messages and wills, one method for each moment at which one can happen.
 * Without faults every method does nothing.
 */
export class Mishaps {
  readonly #habits: MessageHabits
  /** False in honest clusters: then nobody need ask about a message. */
  readonly touchMessages: boolean
  readonly #heldBack = new Map<Session, Delivery>()
  #qos2 = 0
  #acknowledged = 0
  #pairs = 0
  #swallowed = 0
  #returns = 0

  constructor(habits: MessageHabits) {
    this.#habits = habits
    this.touchMessages = habits.doublesQos2 || habits.reorders
  }

  /** What a session gets in place of a message: duplicate-qos2 (one in ten), reorder (a message waits for the one behind it). */
  instead(session: Session, delivery: Delivery): readonly Delivery[] {
    return this.#inOrder(session, delivery).flatMap((one) => this.#copies(one))
  }

  #copies(delivery: Delivery): Delivery[] {
    if (!this.#habits.doublesQos2 || delivery.qos < 2) return [delivery]
    return ++this.#qos2 % DOUBLED_OF_EACH === 0 ? [delivery, delivery] : [delivery]
  }

  /** Of sessions that outlive their connection, and of messages that are acknowledged: order is promised to these above all. */
  #inOrder(session: Session, delivery: Delivery): Delivery[] {
    if (!this.#habits.reorders) return [delivery]
    const held = this.#heldBack.get(session)
    if (held !== undefined) {
      const { from, topic } = delivery.message
      if (held.message.from !== from || held.message.topic !== topic) return [delivery]
      this.#heldBack.delete(session)
      return [delivery, held]
    }
    if (delivery.qos === 0 || this.#pairs === PAIRS || !(session.channel!.expirySeconds > 0))
      return [delivery]
    if (++this.#acknowledged % HELD_BACK_OF_EACH !== 0) return [delivery]
    this.#pairs++
    this.#heldBack.set(session, delivery)
    return []
  }

  /** queue-dropped: what waits for a client is gone when its session leaves its holder. */
  leaves(session: Session): void {
    if (this.#habits.dropsQueues) session.queue = undefined
  }

  /** will-wrong: every other will that an eviction should have published at once. */
  swallowsWill(channel: Channel, ending: Ending): boolean {
    if (!this.#habits.wrongsWills || ending !== 'use_another_server') return false
    if (channel.will === undefined || willDelaySeconds(channel) > 0) return false
    return this.#swallowed++ % 2 === 0
  }

  /** will-wrong: every other will whose client was back before its delay was over, and which is published for all that. */
  forgetsReturn(channel: Channel): boolean {
    if (!this.#habits.wrongsWills || channel.cancelWill === undefined) return false
    return this.#returns++ % 2 === 0
  }
}
