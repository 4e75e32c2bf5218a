import { addressesOf, type ServiceAddresses } from '#weir/facts/index.ts'
import { nodeAddresses } from './client-addresses.ts'
import type { Service } from './kubernetes/kinds.ts'
import { resources } from './kubernetes/resources.ts'
import type { KubeApi } from './kubernetes/types.ts'
import { instanceSelector, isOf } from './observe/scope.ts'

/** Where the Services of a custom resource are reached now, by their names. Rejects with KubeApiError where they may not be listed. */
export async function readAddresses(kube: KubeApi, name: string): Promise<ServiceAddresses[]> {
  const { namespace } = kube
  const [{ items }, nodeIps] = await Promise.all([
    kube.list<Service>(resources.services, { namespace }),
    nodeAddresses(kube, instanceSelector(name)),
  ])
  return items
    .filter(({ metadata }) => isOf(name)(metadata))
    .map((service) => ({ service: service.metadata.name, addresses: addressesOf(service, nodeIps) }))
    .filter(({ addresses }) => addresses.length > 0)
    .sort((a, b) => a.service.localeCompare(b.service))
}
