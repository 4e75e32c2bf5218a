import type { ClientSession, SessionNode } from './channel.ts'
import { deliver } from './deliver.ts'
import type { Message } from './message.ts'
import type { Subscription } from './session.ts'
import { hasWildcard, matches, parseFilter } from './topics.ts'

export interface SubscribeOptions extends Omit<Subscription, 'filter' | 'group'> {
  /** 0 always, 1 only for a new subscription, 2 never (MQTT 5 §3.8.3.1). */
  retainHandling: number
}

/** Subscribes to a valid filter; returns what to do after the SUBACK: send the retained messages. */
export function subscribe(
  node: SessionNode,
  session: ClientSession,
  text: string,
  options: SubscribeOptions,
): () => void {
  const parsed = parseFilter(text)
  if (parsed === undefined) throw new Error(`not a topic filter: ${text}`)
  const { retainHandling, ...granted } = options
  const { filter, group } = parsed
  const subscription: Subscription = { ...granted, filter, group }
  session.subscriptions ??= new Map()
  const isNew = !session.subscriptions.has(text)
  session.subscriptions.set(text, subscription)
  node.group.topics.add(filter, group, session)
  const wantsRetained = retainHandling === 0 || (retainHandling === 1 && isNew)
  return () => {
    if (wantsRetained && group === undefined) sendRetained(node, session, subscription)
  }
}

export function unsubscribe(node: SessionNode, session: ClientSession, text: string): boolean {
  const subscription = session.subscriptions?.get(text)
  if (subscription === undefined) return false
  session.subscriptions?.delete(text)
  node.group.topics.remove(subscription.filter, subscription.group, session)
  return true
}

export function unsubscribeAll(node: SessionNode, session: ClientSession): void {
  if (session.subscriptions === undefined) return
  for (const { filter, group } of session.subscriptions.values())
    node.group.topics.remove(filter, group, session)
  session.subscriptions = undefined
}

function sendRetained(node: SessionNode, session: ClientSession, subscription: Subscription): void {
  const found: (() => void)[] = []
  for (const message of retainedFor(node, subscription.filter))
    found.push(() => deliver(session, subscription, message, true))
  node.group.fanout.run(found)
}

/** Retained messages that match; removes those that have expired. */
function* retainedFor(node: SessionNode, filter: string): Generator<Message> {
  const { retained } = node.group
  const exact = retained.get(filter)
  for (const message of hasWildcard(filter) ? retained.values() : exact === undefined ? [] : [exact]) {
    if (!matches(filter, message.topic)) continue
    if (message.expiresAtMs > node.clock.now()) yield message
    else retained.delete(message.topic)
  }
}
