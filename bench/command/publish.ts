import { usageError } from '#weir/errors/index.ts'
import type { ProtocolVersion, Qos } from '#weir/facts/index.ts'
import type { MessageProperties, PublishSpec } from '../types.ts'
import {
  FOUR_BYTES,
  notBelowZero,
  onlyMqtt5,
  present,
  requires,
  TWO_BYTES,
  userProperties,
  wholeNumber,
} from './check-flags.ts'
import type { OutputFlags, PublishFlags, SessionFlags } from './flags.ts'
import { payloadOf } from './payload.ts'
import { topicName } from './topic.ts'

const DEFAULT_INTERVAL_MS = 1000

/** What every client publishes, and how often. `clients` share the limit. Throws WEIR_USAGE. */
export function publishOf(
  flags: PublishFlags & SessionFlags & OutputFlags,
  protocol: ProtocolVersion,
  clients: number,
): PublishSpec {
  if (flags.topic === undefined) throw usageError('--topic is missing: set it with -t, e.g. -t test/%i')
  onlyMqtt5(protocol, flags, [
    ...(['payload-format-indicator', 'message-expiry-interval', 'topic-alias', 'response-topic'] as const),
    ...(['correlation-data', 'subscription-identifier', 'content-type', 'user-properties'] as const),
  ])
  const { qos = 0, 'message-interval': everyMs = DEFAULT_INTERVAL_MS, limit = 0 } = flags
  wholeNumber('--qos', qos, 0, 2)
  notBelowZero('--message-interval', everyMs, FOUR_BYTES, 'milliseconds')
  wholeNumber('--limit', limit, 0, Number.MAX_SAFE_INTEGER)
  wholeNumber('--window', flags.window, 1, TWO_BYTES)
  wholeNumber('--topic-alias', flags['topic-alias'], 1, TWO_BYTES)
  if (qos === 0) requires(flags, ['window'], '-q 1 or -q 2', 'QoS 0 messages are not acknowledged')
  // MQTT 5 §3.3.1.1: "The DUP flag MUST be set to 0 for all QoS 0 messages".
  if (flags.dup && qos === 0)
    throw usageError('--dup requires QoS 1 or 2 (MQTT 5 §3.3.1.1): use -q 1 or -q 2, or remove --dup')
  const payload = payloadOf(flags)
  // A file that is split is sent once through by every client.
  const rounds =
    payload.kind === 'lines'
      ? payload.lines.length * clients
      : payload.kind === 'template' && flags.split !== undefined
        ? payload.templates.length * clients
        : 0
  const most = limit === 0 || rounds === 0 ? Math.max(limit, rounds) : Math.min(limit, rounds)
  const properties = propertiesOf(flags)
  return {
    topic: topicName('--topic', flags.topic),
    qos: qos as Qos,
    everyMs,
    payload,
    ...(most > 0 ? { limit: most } : {}),
    ...present({
      retain: flags.retain,
      duplicateFlag: flags.dup,
      topicAlias: flags['topic-alias'],
      subscriptionIdentifier: flags['subscription-identifier'],
      inFlight: flags.window,
    }),
    ...(Object.keys(properties).length > 0 ? { properties } : {}),
  }
}

function propertiesOf(flags: PublishFlags & SessionFlags): MessageProperties {
  wholeNumber('--message-expiry-interval', flags['message-expiry-interval'], 0, FOUR_BYTES)
  const utf8 = flags['payload-format-indicator']
  return present({
    payloadFormatIndicator: utf8 === undefined ? undefined : (Number(utf8) as 0 | 1),
    messageExpirySeconds: flags['message-expiry-interval'],
    contentType: flags['content-type'],
    responseTopic: flags['response-topic'],
    correlationData: flags['correlation-data'],
    userProperties: userProperties('--user-properties', flags['user-properties']),
  })
}
