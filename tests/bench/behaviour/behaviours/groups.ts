import type { GroupSpec } from '#weir/bench/types.ts'
import type { ProtocolVersion } from '#weir/facts/index.ts'

/** The only group of a shard. */
export function group(protocol: ProtocolVersion, more: Partial<GroupSpec> = {}): GroupSpec {
  return { name: 'all', share: 1, protocol, persistent: false, ...more }
}

/** A reconnect wait that no test lives to see the end of: who is thrown out stays out. */
export const STAYS_AWAY = { kind: 'fixed', baseMs: 3_600_000 } as const
