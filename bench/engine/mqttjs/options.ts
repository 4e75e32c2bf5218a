import type { IClientOptions } from 'mqtt'
import type { Route } from '../../transport/connection.ts'
import type { ReconnectSpec } from '../../types.ts'
import { userOf } from '../lifecycle/fleet-client.ts'
import type { ShardSpec } from '../shard-spec.ts'
import type { Client } from './client.ts'
import { connectProperties } from './connect-properties.ts'
import { type Options, transportOptions } from './transport.ts'

/** The shard keeps both time limits of an attempt, as the other engine does: the package's own may not come first. */
const NO_LIMIT_MS = 2 ** 31 - 1

/** What an application would give the package for this client. */
export function clientOptions(
  client: Client,
  spec: ShardSpec,
  route: Route,
  own: OwnReconnect,
  will: IClientOptions['will'],
): Options {
  const { group } = client
  const v5 = group.protocol === '5'
  return {
    ...transportOptions(route, spec.transport),
    ...own,
    clientId: client.id,
    protocolVersion: v5 ? 5 : 4,
    clean: !group.persistent,
    keepalive: spec.keepAliveSeconds,
    connectTimeout: NO_LIMIT_MS,
    // The shard subscribes, so that it hears what the broker granted.
    resubscribe: false,
    // Messages that are due while the client is away are counted as skipped, not kept.
    queueQoSZero: false,
    ...userOf(client, spec),
    ...(v5 ? { properties: connectProperties(group) } : {}),
    will,
  }
}

/** The package's reconnect options. */
export interface OwnReconnect {
  /** 0: it never does by itself, and weir's policy calls `reconnect()`. */
  reconnectPeriod: number
  /** Also reconnect after a refusing CONNACK. */
  reconnectOnConnackError: boolean
}

const PERIOD_MS = 1000

/**
 * With the presets named after it the package reconnects by its own timer, as in an application; with other policies weir
 * decides. `mqttjs-as-is` has the defaults of version 5.16, where a refused client never retries.
 */
export function ownReconnect(spec: ReconnectSpec): OwnReconnect {
  const preset = 'preset' in spec ? spec.preset : ''
  if (preset === 'mqttjs') return { reconnectPeriod: PERIOD_MS, reconnectOnConnackError: true }
  if (preset === 'mqttjs-as-is') return { reconnectPeriod: PERIOD_MS, reconnectOnConnackError: false }
  return { reconnectPeriod: 0, reconnectOnConnackError: false }
}
