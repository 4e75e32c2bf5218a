import type { LedgerIdentity } from '../ledger/shard-ledger.ts'
import type {
  ClientCredentials,
  EngineName,
  FleetSpec,
  GroupSpec,
  ReconnectSpec,
  Target,
  TrafficStart,
  TransportSpec,
} from '../types.ts'

/** Where a target is, and its name, which TLS wants. */
export interface ShardTarget extends Target {
  /** Where the fleet begins: the first that accepted a connection, or the first at all. */
  address: string
  /** All addresses of a name, of the family of the first; left out where the host is an address itself. */
  addresses?: readonly string[]
}

/** What the messages of a fleet need: left out of a fleet that has none. */
export interface ShardTraffic {
  identity: LedgerIdentity
  /** Place of each client among those of its group, over the whole fleet. */
  rank: Uint32Array
  /** Clients of each group, over the whole fleet. */
  groupSizes: readonly number[]
}

/** What one shard needs to run its part of the fleet; plain data, as it crosses into a worker thread. */
export interface ShardSpec {
  /** Index in the fleet, client id, index into `groups`, and planned arrival (after the start) of each client, by arrival. */
  clients: { index: Uint32Array; ids: string[]; group: Uint16Array; arrivalMs: Float64Array }
  groups: GroupSpec[]
  /** Client with fleet index k belongs to target k mod their number. */
  targets: ShardTarget[]
  /** See FleetSpec. */
  failOver?: boolean
  spares?: number
  transport?: TransportSpec
  engine?: EngineName
  /** Client k connects from address k mod their number; left out, the kernel chooses. */
  sourceAddresses?: readonly string[]
  followServerReference?: boolean
  trafficStart?: TrafficStart
  traffic?: ShardTraffic
  /** Clients of the whole fleet: what `%{i+N}` counts round. */
  fleetClients: number
  /** What `%i` begins with. */
  startNumber?: number
  seed: number
  keepAliveSeconds: number
  churn?: FleetSpec['churn']
  reconnect: ReconnectSpec
  connectTimeoutMs: number
  connackTimeoutMs: number
  connectsInFlight: number
  /** Clients that leave by plan end their sessions. */
  endSessions?: boolean
  username?: string
  password?: string
  /** Of each client of this shard, by slot. Ids are in `clients`. */
  credentials?: Omit<ClientCredentials, 'ids'>
}
