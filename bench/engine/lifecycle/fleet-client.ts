import type { ClientEventReason } from '#weir/facts/index.ts'
import type { GroupSpec, MqttUser } from '../../types.ts'
import type { ShardSpec } from '../shard-spec.ts'
import { startTargets } from './targets.ts'

/**
 * `idle`: not started yet. `waiting`: between two attempts. `queued`: waits for room among the connects in flight. `connecting`: until
 * the transport is open. `accepting`: CONNECT is sent, CONNACK not received. `closing`: over, but the connection is not closed yet.
 * `lost`: the reconnect policy stopped. `gone`: left by plan.
 */
export type ClientState =
  | 'idle'
  | 'waiting'
  | 'queued'
  | 'connecting'
  | 'accepting'
  | 'online'
  | 'closing'
  | 'lost'
  | 'gone'

/** One MQTT client as both engines see it: only data, so that a hundred thousand of them stay cheap. */
export class FleetClient {
  /** Index in its shard: the id of its timer. */
  readonly slot: number
  /** Index in the fleet. */
  readonly index: number
  /** Empty until a server assigns one, where the spec gives none. */
  id: string
  readonly group: GroupSpec
  state: ClientState = 'idle'
  /** The current attempt holds one of the places in flight. */
  gated = false
  /** Attempts so far: its `attempt` events. */
  attempts = 0
  /** Attempts that got no answer of MQTT: the next one goes elsewhere. */
  missed = 0
  /** Waits since the last accepted connection. */
  attempt = 0
  lastWaitMs = 0
  /** Random numbers drawn so far: names the next one. */
  draws = 0
  /** When its timer is due, on the fleet's clock. */
  deadlineMs = 0
  /** The target of the current attempt or connection, and the one it returns to: indices into the shard's `Targets`. */
  target: number
  home: number
  /** The broker has granted every subscription, and no session was lost since. */
  subscribed = false
  /** A SUBSCRIBE of this connection has no answer yet. */
  subackDue = false
  /** It left by plan while it was online. */
  left = false
  /** Why the last attempt or connection ended. */
  ended: ClientEventReason = ''

  constructor(spec: ShardSpec, slot: number) {
    const { clients, groups } = spec
    this.slot = slot
    this.index = clients.index[slot]!
    this.id = clients.ids[slot]!
    this.group = groups[clients.group[slot]!]!
    this.home = this.index % startTargets(spec)
    this.target = this.home
  }
}

/** The values of `%i`, `%c`, `%u` and `%{i+N}` in the topics of a client. */
export function topicOwner(client: FleetClient, spec: ShardSpec) {
  const { index, id } = client
  const { fleetClients, startNumber } = spec
  return { index, clientId: id, username: userOf(client, spec).username, fleetClients, startNumber }
}

/** User name and password of a client: its own, or those of all. */
export function userOf(
  { slot }: FleetClient,
  { credentials, username, password }: ShardSpec,
): Partial<MqttUser> {
  return {
    username: credentials?.usernames?.[slot] ?? username,
    password: credentials?.passwords?.[slot] ?? password,
  }
}
