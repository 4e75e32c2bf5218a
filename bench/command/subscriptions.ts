import { usageError } from '#weir/errors/index.ts'
import type { ProtocolVersion, Qos } from '#weir/facts/index.ts'
import { MOST_VARIABLE } from '../codec/fields.ts'
import type { SubscriptionSpec } from '../types.ts'
import { onlyMqtt5, present, userProperties, wholeNumber } from './check-flags.ts'
import type { SessionFlags, SubscribeFlags } from './flags.ts'
import { topicFilter } from './topic.ts'

/**
 * The subscriptions of every client, one for each `-t`. The k-th value of a flag belongs to the k-th topic; missing values
 * are the first, as in MQTTX. Throws WEIR_USAGE.
 */
export function subscriptionsOf(
  flags: SubscribeFlags & SessionFlags,
  protocol: ProtocolVersion,
): SubscriptionSpec[] {
  const topics = flags.topic ?? []
  if (topics.length === 0) throw usageError('--topic is missing: set it with -t, e.g. -t test/%i')
  onlyMqtt5(protocol, flags, [
    ...(['no_local', 'retain-as-published', 'retain-handling'] as const),
    ...(['subscription-identifier', 'user-properties'] as const),
  ])
  const noLocal = booleans('--no_local', flags.no_local)
  const retainAsPublished = booleans('--retain-as-published', flags['retain-as-published'])
  const properties = userProperties('--user-properties', flags['user-properties'])
  const lists = { qos: flags.qos, noLocal, retainAsPublished, handling: flags['retain-handling'] }
  for (const [name, list] of Object.entries({ ...lists, identifiers: flags['subscription-identifier'] }))
    if (list && list.length > topics.length)
      throw usageError(
        `there are ${list.length} values of ${name} for ${topics.length} topics: give one for each --topic, or one for all`,
      )
  return topics.map((topic, k) =>
    subscriptionOf(topicFilter('--topic', topic), {
      qos: nth(flags.qos, k) ?? 0,
      noLocal: nth(noLocal, k),
      retainAsPublished: nth(retainAsPublished, k),
      retainHandling: nth(flags['retain-handling'], k),
      identifier: nth(flags['subscription-identifier'], k),
      userProperties: properties,
    }),
  )
}

interface Wanted {
  qos: number
  noLocal: boolean | undefined
  retainAsPublished: boolean | undefined
  retainHandling: number | undefined
  identifier: number | undefined
  userProperties: Record<string, string[]> | undefined
}

function subscriptionOf(topic: string, wanted: Wanted): SubscriptionSpec {
  wholeNumber('--qos', wanted.qos, 0, 2)
  wholeNumber('--retain-handling', wanted.retainHandling, 0, 2)
  // MQTT 5 §3.8.2.1.2.
  wholeNumber('--subscription-identifier', wanted.identifier, 1, MOST_VARIABLE)
  // MQTT 5 §3.8.3.1: "It is a Protocol Error to set the No Local bit to 1 on a Shared Subscription".
  if (wanted.noLocal && topic.startsWith('$share/'))
    throw usageError(`--no_local and the shared subscription ${topic} cannot be combined (MQTT 5 §3.8.3.1)`)
  const { qos, ...rest } = wanted
  return { topic, qos: qos as Qos, ...(present(rest) as Omit<SubscriptionSpec, 'topic' | 'qos'>) }
}

/** A flag without a value means true for all topics. */
function booleans(flag: string, texts: readonly string[] | undefined): boolean[] | undefined {
  if (texts === undefined) return undefined
  if (texts.length === 0) return [true]
  return texts.map((text) => {
    if (text === 'true' || text === 'false') return text === 'true'
    throw usageError(`${flag} is "${text}" but must be true or false`)
  })
}

function nth<T>(values: readonly T[] | undefined, k: number): T | undefined {
  return values?.[k] ?? values?.[0]
}
