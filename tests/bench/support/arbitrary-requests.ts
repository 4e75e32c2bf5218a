import fc from 'fast-check'
import type {
  ConnectProperties,
  MessageProperties,
  SubscriptionSpec,
  UserProperties,
} from '#weir/bench/types.ts'

/** What a client may be asked to say, with every property that MQTT 5 has for it. */

export const text = fc.string({ unit: 'grapheme', maxLength: 40 })
export const someText = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
export const protocol = fc.constantFrom('3.1.1' as const, '5' as const)
export const qos = fc.constantFrom(0 as const, 1 as const, 2 as const)
export const packetId = fc.integer({ min: 1, max: 0xffff })
export const payload = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes))
export const topic = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 200 })
  .map((s) => `t/${s.replace(/[+#\0]/g, '_')}`)

const twoBytes = fc.integer({ min: 0, max: 0xffff })
const fourBytes = fc.integer({ min: 0, max: 0xffff_ffff })

export const userProperties: fc.Arbitrary<UserProperties> = fc.dictionary(
  text.map((s) => `k${s}`),
  // mqtt-packet forgets an empty value when the same name comes again.
  fc.oneof(text, fc.array(someText, { minLength: 2, maxLength: 3 })),
  { minKeys: 1, maxKeys: 3 },
)

export const connectProperties: fc.Arbitrary<ConnectProperties> = fc.record(
  {
    receiveMaximum: fc.integer({ min: 1, max: 0xffff }),
    maximumPacketSize: fc.integer({ min: 1, max: 0xffff_ffff }),
    topicAliasMaximum: twoBytes,
    requestResponseInformation: fc.boolean(),
    requestProblemInformation: fc.boolean(),
    userProperties,
  },
  { requiredKeys: [] },
)

export const messageProperties: fc.Arbitrary<MessageProperties> = fc.record(
  {
    payloadFormatIndicator: fc.constantFrom(0 as const, 1 as const),
    messageExpirySeconds: fourBytes,
    contentType: text,
    responseTopic: topic,
    correlationData: text,
    userProperties,
  },
  { requiredKeys: [] },
)

export const subscription: fc.Arbitrary<SubscriptionSpec> = fc.record(
  {
    topic: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }),
    qos,
    noLocal: fc.boolean(),
    retainAsPublished: fc.boolean(),
    retainHandling: fc.constantFrom(0 as const, 1 as const, 2 as const),
  },
  { requiredKeys: ['topic', 'qos'] },
)

/** Undefined where `properties` has nothing of that kind, as mqtt-packet reads it. */
export function readBack(properties: MessageProperties | undefined): Record<string, unknown> {
  return {
    payloadFormatIndicator:
      properties?.payloadFormatIndicator === undefined
        ? undefined
        : Boolean(properties.payloadFormatIndicator),
    messageExpiryInterval: properties?.messageExpirySeconds,
    contentType: properties?.contentType,
    responseTopic: properties?.responseTopic,
    correlationData:
      properties?.correlationData === undefined ? undefined : Buffer.from(properties.correlationData),
    userProperties: plain(properties?.userProperties),
  }
}

/** mqtt-packet makes its user properties without a prototype, and comparisons see that. */
export function plain(users: unknown): unknown {
  return users === undefined ? undefined : { ...(users as Record<string, unknown>) }
}
