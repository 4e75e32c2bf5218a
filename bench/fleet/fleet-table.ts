import { usageError } from '#weir/errors/index.ts'
import type { FleetTable } from '#weir/facts/index.ts'
import type { FleetSpec, GroupSpec } from '../types.ts'

/** Who the clients are: a pure function of the spec. Throws WEIR_USAGE for a fleet that cannot be. */
export function fleetTable(spec: FleetSpec): FleetTable {
  return {
    ids: Array.from({ length: spec.clients }, (_, i) => spec.credentials?.ids?.[i] ?? clientIdOf(spec, i)),
    group: assignGroups(
      spec.groups.map((group) => group.share),
      spec.clients,
    ),
    groups: spec.groups.map(({ name, protocol, persistent, subscribe }) => ({
      name,
      protocol,
      persistent,
      subscribed: subscribe !== undefined,
    })),
  }
}

/**
 * Clients of one id would take over each other's session forever, so a pattern without %i gets the index appended. Empty:
 * the server assigns ids (MQTT 5 §3.1.3.1).
 */
export function clientIdOf(
  { clientId: pattern, clients, startNumber = 0 }: Pick<FleetSpec, 'clientId' | 'clients' | 'startNumber'>,
  index: number,
): string {
  if (pattern === '') return ''
  const number = String(startNumber + index)
  if (pattern.includes('%i')) return pattern.replaceAll('%i', number)
  return clients === 1 ? pattern : `${pattern}_${number}`
}

/**
 * Assigns each client to the group furthest behind its share, so that neighbors are mixed in proportion (largest
 * remainder).
 */
export function assignGroups(shares: readonly GroupSpec['share'][], clients: number): number[] {
  const total = shares.reduce((sum, share) => sum + share, 0)
  if (!(total > 0 && Number.isFinite(total)) || shares.some((share) => share < 0))
    throw usageError(
      `the groups' shares are ${shares.join(', ') || 'none'}: at least one group with a share above 0 is required`,
    )
  const dealt = shares.map(() => 0)
  return Array.from({ length: clients }, (_, k) => {
    let chosen = 0
    let worst = Number.NEGATIVE_INFINITY
    for (const [group, share] of shares.entries()) {
      const behind = (share / total) * (k + 1) - dealt[group]!
      if (behind <= worst + 1e-9) continue
      worst = behind
      chosen = group
    }
    dealt[chosen]!++
    return chosen
  })
}
