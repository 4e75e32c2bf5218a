import type { ProtocolVersion, Qos } from '#weir/facts/index.ts'
import type { MessageProperties, WillSpec } from '../types.ts'
import { FOUR_BYTES, onlyMqtt5, present, requires, userProperties, wholeNumber } from './check-flags.ts'
import type { WillFlags } from './flags.ts'
import { topicName } from './topic.ts'

/** What only MQTT 5 wills have (§3.1.3.2). */
const PROPERTIES = [
  'will-delay-interval',
  'will-payload-format-indicator',
  'will-message-expiry-interval',
  'will-content-type',
  'will-response-topic',
  'will-correlation-data',
  'will-user-properties',
] as const

/** The will that `-Wt` and its companions make; undefined without `-Wt`. Throws WEIR_USAGE. */
export function willOf(flags: WillFlags, protocol: ProtocolVersion): WillSpec | undefined {
  const topic = flags['will-topic']
  if (topic === undefined) {
    const others = ['will-message', 'will-qos', 'will-retain', ...PROPERTIES] as const
    requires(flags, others, '--will-topic', 'there is no will without a topic')
    return undefined
  }
  onlyMqtt5(protocol, flags, PROPERTIES)
  wholeNumber('--will-qos', flags['will-qos'], 0, 2)
  wholeNumber('--will-delay-interval', flags['will-delay-interval'], 0, FOUR_BYTES)
  const properties = propertiesOf(flags)
  return {
    topic: topicName('--will-topic', topic),
    // Without a message MQTTX sends an empty will; left out here it would carry a ledger header.
    message: flags['will-message'] ?? '',
    qos: (flags['will-qos'] ?? 0) as Qos,
    ...present({ retain: flags['will-retain'], delaySeconds: flags['will-delay-interval'] }),
    ...(Object.keys(properties).length > 0 ? { properties } : {}),
  }
}

function propertiesOf(flags: WillFlags): MessageProperties {
  wholeNumber('--will-message-expiry-interval', flags['will-message-expiry-interval'], 0, FOUR_BYTES)
  return present({
    payloadFormatIndicator:
      flags['will-payload-format-indicator'] === undefined
        ? undefined
        : (Number(flags['will-payload-format-indicator']) as 0 | 1),
    messageExpirySeconds: flags['will-message-expiry-interval'],
    contentType: flags['will-content-type'],
    responseTopic: flags['will-response-topic'],
    correlationData: flags['will-correlation-data'],
    userProperties: userProperties('--will-user-properties', flags['will-user-properties']),
  })
}
