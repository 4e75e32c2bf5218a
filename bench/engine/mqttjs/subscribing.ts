import type { ErrorWithSubackPacket, IClientSubscribeProperties, MqttClient } from 'mqtt'
import { type TopicOwner, topicOf } from '../../traffic/topic.ts'
import type { SubscriptionSpec } from '../../types.ts'
import type { Client } from './client.ts'
import type { Owner } from './listeners.ts'

type Properties = NonNullable<IClientSubscribeProperties['properties']>

/** Sends a SUBSCRIBE for each subscription of the client's group, and tells whether the broker granted them all. */
export function subscribeAll(client: Client, mqtt: MqttClient, owner: Owner, topicOwner: TopicOwner): void {
  const { subscribe = [], protocol } = client.group
  if (subscribe.length === 0) return
  let missing = subscribe.length
  let granted = true
  for (const spec of subscribe) {
    const options = protocol === '5' ? options5(spec) : { qos: spec.qos }
    mqtt.subscribe(topicOf(spec.topic, topicOwner), options, (error) => {
      // Without a SUBACK the connection was lost first, and the next one asks again.
      if (error && !(error as ErrorWithSubackPacket).packet) return
      granted &&= !error
      missing--
      if (missing === 0) owner.onSubscribed(client, granted)
    })
  }
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
      ...(userProperties ? { userProperties: { ...userProperties } as Properties['userProperties'] } : {}),
    },
  }
}
