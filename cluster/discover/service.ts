import type { Service } from '../kubernetes/kinds.ts'
import { resources } from '../kubernetes/resources.ts'
import type { KubeApi } from '../kubernetes/types.ts'
import { ADDRESS_KINDS, lookUpAddress } from '../service-address.ts'
import { type Finding, unknown, wordsOf } from './finding.ts'
import type { ServiceFound } from './types.ts'

/** The Service that clients use, and each kind of address it has. */
export async function findService(
  kube: KubeApi,
  name: string,
  podSelector: string,
): Promise<Finding<ServiceFound>> {
  try {
    const service = await kube.get<Service>(resources.services, kube.namespace, name)
    const found: ServiceFound = { name, type: service.spec?.type ?? 'ClusterIP', addresses: [], missing: [] }
    for (const kind of ADDRESS_KINDS) {
      const address = await lookUpAddress(kube, service, kind, podSelector)
      if (typeof address === 'string') found.missing.push({ kind, why: address })
      else found.addresses.push({ kind, ...address })
    }
    return { found, how: `Service ${kube.namespace}/${name}` }
  } catch (error) {
    return unknown(wordsOf(error))
  }
}
