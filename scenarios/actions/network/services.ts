import { nodeAddresses } from '#weir/cluster/client-addresses.ts'
import { outsideAddresses, type TriedAddress } from '#weir/cluster/index.ts'
import { unlessGone } from '#weir/cluster/kubernetes/api-errors.ts'
import type { Service } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { instanceSelector, isOf } from '#weir/cluster/observe/scope.ts'
import type { Run } from '../../run/run.ts'

/** All Services of the cluster under test, by their names, as it is watched. */
export async function servicesOf({ cluster }: Run): Promise<Service[]> {
  const { kube, namespace, name } = cluster
  const { items } = await kube.list<Service>(resources.services, { namespace })
  return items.filter(({ metadata }) => isOf(name)(metadata))
}

/** The Service that the operator makes for clients. */
export async function listenersService({ cluster }: Run): Promise<Service | undefined> {
  const { kube, namespace, dialect } = cluster
  const name = dialect.listenersService(await cluster.resource())
  return unlessGone(kube.get<Service>(resources.services, namespace, name))
}

/** Every address outside that these Services name. */
export async function addressesOutside(
  { cluster }: Run,
  services: readonly Service[],
): Promise<TriedAddress[]> {
  const hasNodePorts = services.some(({ spec }) => spec.ports?.some(({ nodePort }) => nodePort))
  const nodes = hasNodePorts ? await nodeAddresses(cluster.kube, instanceSelector(cluster.name)) : []
  return outsideAddresses(services, nodes)
}
