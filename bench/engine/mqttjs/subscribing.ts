import type { ErrorWithSubackPacket, IClientSubscribeProperties, MqttClient } from 'mqtt'
import { FIRST_FAILURE } from '../../codec/reason-code.ts'
import { type TopicOwner, topicOf } from '../../traffic/topic.ts'
import type { SubscriptionSpec } from '../../types.ts'
import type { Client } from './client.ts'
import type { Owner } from './listeners.ts'

type Properties = NonNullable<IClientSubscribeProperties['properties']>

/** Sends a SUBSCRIBE for each subscription of the client's group, and reports when all are granted or the first is refused. */
export function subscribeAll(client: Client, mqtt: MqttClient, owner: Owner, topicOwner: TopicOwner): void {
  const { subscribe = [], protocol } = client.group
  if (subscribe.length === 0) return
  let missing = subscribe.length
  for (const spec of subscribe) {
    const options = protocol === '5' ? options5(spec) : { qos: spec.qos }
    mqtt.subscribe(topicOf(spec.topic, topicOwner), options, (error) => {
      // Without a SUBACK the connection was lost first, and the next one asks again.
      if (error && !(error as ErrorWithSubackPacket).packet) return
      if (missing === 0) return
      missing = error ? 0 : missing - 1
      if (missing === 0)
        owner.onSubscribed(client, error ? refusal(error as ErrorWithSubackPacket) : undefined)
    })
  }
}

function refusal({ packet }: ErrorWithSubackPacket): number {
  return packet.granted.map(Number).find((code) => code >= FIRST_FAILURE) ?? -1
}

function options5(spec: SubscriptionSpec) {
  const { qos, noLocal, retainAsPublished, retainHandling, identifier, userProperties } = spec
  return {
    qos,
    nl: noLocal ?? false,
    rap: retainAsPublished ?? false,
    rh: retainHandling ?? 0,
    properties: {
      ...(identifier === undefined ? {} : { subscriptionIdentifier: identifier }),
      ...(userProperties && { userProperties: { ...userProperties } as Properties['userProperties'] }),
    },
  }
}
