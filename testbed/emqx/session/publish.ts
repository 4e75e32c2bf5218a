import type { Clock } from '../../runtime/clock.ts'
import type { ClientSession, SessionNode } from './channel.ts'
import { deliver } from './deliver.ts'
import type { Message } from './message.ts'
import type { Subscription } from './session.ts'

/** Retains and delivers a message; true when a subscription matches. */
export function publish(node: SessionNode, message: Message): boolean {
  const { counters, group } = node
  counters.messagesPublish++
  if (message.retain) retain(node, message)
  const deliveries: (() => void)[] = []
  group.topics.each(message.topic, (session, filter, sharedGroup) => {
    const subscription = subscriptionFor(session, filter, sharedGroup)
    if (subscription === undefined) return
    if (session.channel?.node !== node) counters.messagesForward++
    deliveries.push(() => deliver(session, subscription, message))
  })
  group.fanout.run(deliveries)
  if (deliveries.length > 0) return true
  counters.messagesDropped++
  counters.messagesDroppedNoSubscribers++
  return false
}

function retain(node: SessionNode, message: Message): void {
  if (message.payload.length === 0) node.group.retained.delete(message.topic)
  else {
    node.group.retained.set(message.topic, message)
    node.counters.messagesRetained++
  }
}

function subscriptionFor(
  session: ClientSession,
  filter: string,
  group: string | undefined,
): Subscription | undefined {
  if (group === undefined) return session.subscriptions?.get(filter)
  return session.subscriptions?.get(group === '$queue' ? `$queue/${filter}` : `$share/${group}/${filter}`)
}

/** Deliveries done in one stretch; more than that would hold up every other client and timer of the process. */
const STRETCH = 256

/** Runs many small deliveries in order, without long stretches: a message for thousands of subscribers is cut up. */
export class Fanout {
  readonly #clock: Clock
  #waiting: (() => void)[] = []
  #next = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  run(deliveries: (() => void)[]): void {
    if (this.#waiting.length === 0 && deliveries.length <= STRETCH) {
      for (const deliver of deliveries) deliver()
      return
    }
    const idle = this.#waiting.length === 0
    for (const deliver of deliveries) this.#waiting.push(deliver)
    if (idle) this.#clock.soon(() => this.#pump())
  }

  #pump(): void {
    const end = Math.min(this.#next + STRETCH, this.#waiting.length)
    while (this.#next < end) this.#waiting[this.#next++]!()
    if (this.#next < this.#waiting.length) {
      this.#clock.soon(() => this.#pump())
      return
    }
    this.#waiting = []
    this.#next = 0
  }
}
