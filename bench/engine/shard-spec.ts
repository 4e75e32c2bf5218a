import type { GroupSpec, ReconnectSpec } from '../types.ts'

/** What one shard needs to run its part of the fleet; plain data, as it crosses into a worker thread. */
export interface ShardSpec {
  /** Index in the fleet, client id, index into `groups`, and planned arrival (after the start) of each client, by arrival. */
  clients: { index: Uint32Array; ids: string[]; group: Uint16Array; arrivalMs: Float64Array }
  groups: GroupSpec[]
  /** An address, not a name: names are resolved once for the whole fleet. */
  target: { address: string; port: number }
  seed: number
  keepAliveSeconds: number
  reconnect: ReconnectSpec
  connectTimeoutMs: number
  connackTimeoutMs: number
  connectsInFlight: number
  /** Clients that leave by plan end their sessions, where MQTT lets them. */
  endSessions?: boolean
  username?: string
  password?: string
}
