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
