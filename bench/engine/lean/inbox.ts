import type { PublishView } from '../../codec/publish-view.ts'
import { MalformedPacket, PROTOCOL_ERROR, TOPIC_ALIAS_INVALID } from '../../codec/reason-code.ts'

/** State of incoming messages. Most clients need none and have no inbox. */
export interface Inbox {
  /** Topics by alias, of this connection (MQTT 5 §3.3.2.3.4). */
  readonly topics: Map<number, Buffer>
  /** Packet ids of QoS 2 whose PUBREL has not come: of the session, so they outlive the connection (§4.3.3, §4.1). */
  readonly unreleased: Set<number>
}

export function makeInbox(): Inbox {
  return { topics: new Map(), unreleased: new Set() }
}

/** What is left of it on the next connection. */
export function continueInbox(inbox: Inbox, sessionPresent: 0 | 1): Inbox | null {
  if (sessionPresent === 0 || inbox.unreleased.size === 0) return null
  inbox.topics.clear()
  return inbox
}

/**
 * Resolves the topic alias of a message, or stores it. `most`: the Topic Alias Maximum that the client announced. Throws
 * MalformedPacket.
 */
export function resolveAlias({ topics }: Inbox, view: PublishView, most: number): void {
  const { topicAlias, topicBytes, topicStart, topicEnd } = view
  if (topicAlias === 0 || topicAlias > most)
    throw new MalformedPacket(`topic alias ${topicAlias} of at most ${most}`, TOPIC_ALIAS_INVALID)
  if (topicEnd > topicStart) {
    topics.set(topicAlias, Buffer.from(topicBytes.subarray(topicStart, topicEnd)))
    return
  }
  const topic = topics.get(topicAlias)
  if (!topic) throw new MalformedPacket(`topic alias ${topicAlias} stands for nothing`, PROTOCOL_ERROR)
  view.topicBytes = topic
  view.topicStart = 0
  view.topicEnd = topic.length
}
