import { type AddressedService, addressesOf, type ServiceAddresses } from '#weir/facts/index.ts'
import type { RunView } from './types.ts'

/** The Services that were there at `t`, as they were watched last, by name. */
export function servicesAt(run: Pick<RunView, 'of'>, t: number): ReadonlyMap<string, AddressedService> {
  const services = new Map<string, AddressedService>()
  for (const event of run.of('watch')) {
    if (event.kind !== 'Service' || event.t > t) continue
    if (event.event === 'DELETED') services.delete(event.name)
    else services.set(event.name, event.object as AddressedService)
  }
  return services
}

/** Their addresses, by the names of the Services; node ports at the nodes that pods of the cluster were on. */
export function addressesAt(run: Pick<RunView, 'of'>, t: number): ServiceAddresses[] {
  const hosts = run.of('watch').flatMap(({ kind, object }) => {
    const { hostIP } = (object as { status?: { hostIP?: string } }).status ?? {}
    return kind === 'Pod' && hostIP !== undefined ? [hostIP] : []
  })
  const nodeIps = [...new Set(hosts)].sort()
  return [...servicesAt(run, t)]
    .map(([service, object]) => ({ service, addresses: addressesOf(object, nodeIps) }))
    .filter(({ addresses }) => addresses.length > 0)
    .sort((a, b) => a.service.localeCompare(b.service))
}
