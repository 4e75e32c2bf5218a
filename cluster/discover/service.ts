import { ADDRESS_KINDS } from '#weir/facts/index.ts'
import { clientPort, lookUpAddresses, noPort, type WayIn } from '../client-addresses.ts'
import { throwIfNoAnswer } from '../failure.ts'
import type { Pod, Service } from '../kubernetes/kinds.ts'
import { resources } from '../kubernetes/resources.ts'
import type { KubeApi } from '../kubernetes/types.ts'
import { mqttPortsOf } from '../network/listeners.ts'
import { type Finding, type ServiceFound, unknown, wordsOf } from './types.ts'

/** The Service that clients use, and each kind of address it has. `podSelector` selects the cluster's pods. */
export async function findService(
  kube: KubeApi,
  name: string,
  { listener, protocol }: Pick<WayIn, 'listener' | 'protocol'>,
  podSelector: string,
): Promise<Finding<ServiceFound>> {
  try {
    const service = await kube.get<Service>(resources.services, kube.namespace, name)
    const found: ServiceFound = { name, type: service.spec?.type ?? 'ClusterIP', addresses: [], missing: [] }
    const wanted = { listener, protocol }
    if (!clientPort(service, wanted) && mqttPortsOf(service).length > 0)
      found.noPort = noPort(service, wanted)
    for (const kind of ADDRESS_KINDS) {
      const looked = await lookUpAddresses(kube, service, { kind, listener, protocol, podSelector })
      if (typeof looked === 'string') found.missing.push({ kind, why: looked })
      else found.addresses.push(...looked.map((address) => ({ kind, ...address })))
    }
    return { found, how: `Service ${kube.namespace}/${name}` }
  } catch (error) {
    throwIfNoAnswer(error, kube.server, `read Service ${name}, its pods and the nodes`)
    const others = await leadingTo(kube, podSelector).catch(() => [])
    if (others.length === 0) return unknown(wordsOf(error))
    const lead = others.length === 1 ? 'leads' : 'lead'
    return unknown(`${wordsOf(error)}; ${others.join(' and ')} ${lead} to pods of this cluster`)
  }
}

/** Names of the Services that lead to some of these pods, for MQTT. */
async function leadingTo(kube: KubeApi, podSelector: string): Promise<string[]> {
  const { namespace } = kube
  const [services, pods] = await Promise.all([
    kube.list<Service>(resources.services, { namespace }),
    kube.list<Pod>(resources.pods, { namespace, labelSelector: podSelector }),
  ])
  const isSelected = ({ spec }: Service) => {
    const wanted = Object.entries(spec?.selector ?? {})
    const hasAll = ({ metadata: { labels = {} } }: Pod) =>
      wanted.every(([key, value]) => labels[key] === value)
    return wanted.length > 0 && pods.items.some(hasAll)
  }
  return services.items
    .filter((service) => isSelected(service) && mqttPortsOf(service).length > 0)
    .map(({ metadata }) => metadata.name)
}
