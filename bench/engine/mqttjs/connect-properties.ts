import type { IClientOptions } from 'mqtt'
import type { GroupSpec, MessageProperties, WillSpec } from '../../types.ts'
import { sessionExpirySeconds } from '../session-expiry.ts'

type Properties = NonNullable<IClientOptions['properties']>
type Will = NonNullable<IClientOptions['will']>

/** MQTT 5 §3.1.2.11. An expiry of 0 is what its absence means. */
export function connectProperties(group: GroupSpec): Properties {
  const { userProperties, ...numbers } = group.connect ?? {}
  const expiry = sessionExpirySeconds(group)
  return {
    ...numbers,
    ...(userProperties ? { userProperties: { ...userProperties } as Properties['userProperties'] } : {}),
    ...(expiry === 0 ? {} : { sessionExpiryInterval: expiry }),
  } as Properties
}

/** A will by the package's words; its delay and properties exist in MQTT 5 only (§3.1.3.2). */
export function willOptions(will: WillSpec, topic: string, payload: Buffer, v5: boolean): Will {
  return {
    topic,
    payload: payload as Will['payload'],
    qos: will.qos,
    retain: will.retain ?? false,
    ...(v5 ? { properties: willProperties(will) } : {}),
  }
}

function willProperties({ delaySeconds, properties = {} }: WillSpec): NonNullable<Will['properties']> {
  return {
    ...messageProperties(properties),
    ...(delaySeconds === undefined ? {} : { willDelayInterval: delaySeconds }),
  }
}

/** Properties of a PUBLISH or a will (MQTT 5 §3.3.2.3) by the package's words. */
export function messageProperties(properties: MessageProperties): NonNullable<Will['properties']> {
  const { payloadFormatIndicator, messageExpirySeconds, correlationData, userProperties, ...texts } =
    properties
  return {
    ...texts,
    ...(payloadFormatIndicator === undefined ? {} : { payloadFormatIndicator: payloadFormatIndicator === 1 }),
    ...(messageExpirySeconds === undefined ? {} : { messageExpiryInterval: messageExpirySeconds }),
    ...(correlationData === undefined ? {} : { correlationData: Buffer.from(correlationData) }),
    ...(userProperties ? { userProperties: { ...userProperties } as Properties['userProperties'] } : {}),
  } as NonNullable<Will['properties']>
}
