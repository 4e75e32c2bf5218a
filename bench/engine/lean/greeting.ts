import {
  DISCONNECT_BYTES,
  DISCONNECT_FOR_GOOD_BYTES,
  writeConnect,
  writeSubscribe,
} from '../../codec/write.ts'
import type { GroupSpec, SubscriptionSpec } from '../../types.ts'
import type { ShardSpec } from '../shard-spec.ts'
import type { Client } from './client.ts'

/** How long a persistent MQTT 5 session lasts when the group does not say: EMQX's own default for 3.1.1 clients. */
const DEFAULT_EXPIRY_SECONDS = 7200

/** The CONNECT packet of a client. */
export function greeting(client: Client, spec: ShardSpec): Buffer {
  return writeConnect({
    protocol: client.group.protocol,
    clientId: client.id,
    clean: !client.group.persistent,
    keepAliveSeconds: spec.keepAliveSeconds,
    sessionExpirySeconds: sessionExpirySeconds(client.group),
    ...(spec.username === undefined ? {} : { username: spec.username }),
    ...(spec.password === undefined ? {} : { password: spec.password }),
  })
}

function sessionExpirySeconds(group: GroupSpec): number {
  return group.sessionExpirySeconds ?? (group.persistent ? DEFAULT_EXPIRY_SECONDS : 0)
}

/** The DISCONNECT packet of a client that leaves by plan, and whose session may be left behind or not. */
export function farewell({ group }: Pick<Client, 'group'>, spec: Pick<ShardSpec, 'endSessions'>): Buffer {
  const endsIt = spec.endSessions && group.protocol === '5' && sessionExpirySeconds(group) > 0
  return endsIt ? DISCONNECT_FOR_GOOD_BYTES : DISCONNECT_BYTES
}

/** A client has one SUBSCRIBE under way at most, so the id never meets another. */
const SUBSCRIBE_PACKET_ID = 1

/** The SUBSCRIBE packet of a client whose group has a subscription: `%i` is its index, `%c` its client id. */
export function subscription(client: Client, [subscribe]: readonly SubscriptionSpec[]): Buffer {
  const topic = subscribe!.topic.replaceAll('%i', String(client.index)).replaceAll('%c', client.id)
  return writeSubscribe(client.group.protocol, SUBSCRIBE_PACKET_ID, topic, subscribe!.qos)
}
