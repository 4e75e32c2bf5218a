import type { ShardTarget } from '../../engine/shard-spec.ts'
import type { FleetSpec } from '../../types.ts'
import { checkAddresses } from './check-addresses.ts'
import { ownAddressesFor, portRange, portsIn } from './own-addresses.ts'
import { planSources, type SourcePlan } from './plan-sources.ts'

/** From where the clients of a fleet connect. Throws WEIR_USAGE for addresses that cannot be, WEIR_PORTS for too few of them. */
export async function chooseSources(
  { clients, sourceAddresses }: Pick<FleetSpec, 'clients' | 'sourceAddresses'>,
  targets: readonly ShardTarget[],
): Promise<SourcePlan> {
  if (sourceAddresses) await checkAddresses(sourceAddresses, targets)
  const range = portRange()
  const ports = range && portsIn(range)
  return planSources({
    clients,
    targets,
    chosen: sourceAddresses,
    ports,
    own: await ownAddressesFor(targets),
  })
}

/** The addresses in an order in which clients that take them in turn connect from each address to each target. */
export function dealtOver(addresses: readonly string[], targets: number): string[] {
  return Array.from(
    { length: addresses.length * targets },
    (_, k) => addresses[Math.floor(k / targets) % addresses.length]!,
  )
}
