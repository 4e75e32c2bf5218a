import type { MqttClient } from 'mqtt'
import type { ClientEventReason } from '#weir/facts/index.ts'
import type { GroupSpec } from '../../types.ts'
import type { FleetClient } from '../fleet-client.ts'
import type { MqttjsPublisher } from './publisher.ts'

/**
 * Where a client stands. `idle` has not come yet; `waiting` for its reconnect wait to pass (its own, or the package's); `queued`
 * for room among the connects in flight; `connecting` until the transport stands; `asking` for a CONNACK; `online`; `closing`
 * is over, but its stream still closes; `lost` gave up; `gone` left by plan.
 */
export type ClientState =
  | 'idle'
  | 'waiting'
  | 'queued'
  | 'connecting'
  | 'asking'
  | 'online'
  | 'closing'
  | 'lost'
  | 'gone'

/** One client: an `MqttClient` of the package, and what the shard must know of it. */
export interface Client extends FleetClient {
  state: ClientState
  /** Made at the first attempt. */
  mqtt: MqttClient | null
  /** The attempt under way holds one of the places in flight. */
  gated: boolean
  /** What went wrong first on this connection, as the package or the socket told it. */
  failure: ClientEventReason
  failureNumber: number
  /** Why the last attempt or connection ended, for the policy. */
  ended: ClientEventReason
  /** The broker has granted the subscriptions, and so far no session was lost since. */
  subscribed: boolean
  /** Null for a client that does not publish. */
  publisher: MqttjsPublisher | null
}

export function makeClient(
  slot: number,
  index: number,
  id: string,
  group: GroupSpec,
  target: number,
): Client {
  return {
    slot,
    index,
    id,
    group,
    state: 'idle',
    mqtt: null,
    gated: false,
    failure: '',
    failureNumber: -1,
    ended: '',
    attempts: 0,
    attempt: 0,
    lastWaitMs: 0,
    draws: 0,
    deadlineMs: 0,
    target,
    home: target,
    subscribed: false,
    publisher: null,
  }
}
