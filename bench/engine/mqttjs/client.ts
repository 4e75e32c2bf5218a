import type { MqttClient } from 'mqtt'
import type { ClientEventReason } from '#weir/facts/index.ts'
import { FleetClient } from '../lifecycle/fleet-client.ts'
import { BreachWatch } from './breaches.ts'
import type { MqttjsPublisher } from './publisher.ts'

export class Client extends FleetClient {
  /** Made at the first attempt. */
  mqtt: MqttClient | null = null
  /** The first error of this connection, as the package or the socket reported it. */
  failure: ClientEventReason = ''
  failureNumber = -1
  /** It disconnects by plan, and comes again. */
  parting = false
  readonly breaches = new BreachWatch()
  /** Null for a client that does not publish. */
  publisher: MqttjsPublisher | null = null
}
