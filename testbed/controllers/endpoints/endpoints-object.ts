import {
  type EndpointAddress,
  type EndpointSubset,
  type Endpoints,
  omitEmpty,
  type Service,
} from '#weir/cluster/kubernetes/kinds.ts'
import { byPorts, type Member } from './membership.ts'

export const MANAGED_BY = 'endpoints.kubernetes.io/managed-by'
const HEADLESS = 'service.kubernetes.io/headless'
export const LAST_CHANGE = 'endpoints.kubernetes.io/last-change-trigger-time'

const isHeadless = (service: Service): boolean => service.spec.clusterIP === 'None'

/** The Service's own labels, and the mark of a headless one. */
export function labelsFor(service: Service): Record<string, string> {
  const { [HEADLESS]: _, ...labels } = service.metadata.labels ?? {}
  return { ...labels, ...(isHeadless(service) && { [HEADLESS]: '' }) }
}

/**
 * Subsets of the Endpoints object: ready pods are addresses, others notReadyAddresses; pods that are terminating are left
 * out, unless the Service publishes pods that are not ready.
 */
function subsetsOf(service: Service, members: Member[]): EndpointSubset[] {
  const listed = members.filter((member) => !member.isTerminating || service.spec.publishNotReadyAddresses)
  return byPorts(listed).map(({ ports, members: group }) => {
    const addresses = group.filter((member) => member.isReady).map(addressOf)
    const notReadyAddresses = group.filter((member) => !member.isReady).map(addressOf)
    return omitEmpty({ addresses, notReadyAddresses, ports })
  })
}

export const addressOf = ({ ip, hostname, nodeName, pod }: Member): EndpointAddress =>
  omitEmpty({ ip, hostname, nodeName, targetRef: { kind: 'Pod', ...pod } })

/** The whole object; `triggeredAt` is the time of the change that it reflects. */
export function endpointsFor(service: Service, members: Member[], triggeredAt: string): Endpoints {
  const { name, namespace } = service.metadata
  return omitEmpty({
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: {
      name,
      namespace,
      labels: { ...labelsFor(service), [MANAGED_BY]: 'endpoint-controller' },
      annotations: { [LAST_CHANGE]: triggeredAt },
    },
    subsets: subsetsOf(service, members),
  })
}
