import type {
  EndpointPort,
  EndpointSlice,
  Endpoints,
  Service,
  SliceEndpoint,
} from '#weir/cluster/kubernetes/kinds.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { LAST_CHANGE, labelsFor } from './endpoints-object.ts'
import { byPorts, type Member } from './membership.ts'

export const SERVICE_NAME = 'kubernetes.io/service-name'
export const SLICE_MANAGED_BY = 'endpointslice.kubernetes.io/managed-by'
export const CONTROLLER = 'endpointslice-controller.k8s.io'
export const MIRROR = 'endpointslicemirroring-controller.k8s.io'

/** What one EndpointSlice shall hold. */
export interface SliceContent {
  endpoints: SliceEndpoint[] | null
  ports: EndpointPort[] | null
}

export interface SliceFrame {
  labels: Record<string, string>
  annotations: Record<string, string>
  owner: { apiVersion: string; kind: string; name: string; uid: string }
}

const EMPTY: SliceContent = { endpoints: null, ports: null }

/** Slices of a Service with a selector: one for each set of ports, and an empty one where there is no endpoint. */
export function contentsOf(members: Member[]): SliceContent[] {
  const groups = byPorts(members)
  if (groups.length === 0) return [EMPTY]
  return groups.map(({ ports, members: group }) => ({
    endpoints: group.map(endpointOf),
    ports: slicePorts(ports),
  }))
}

const slicePorts = (ports: EndpointPort[]) => ports.map((port) => ({ name: '', ...port }))

const endpointOf = ({
  ip,
  isReady,
  isServing,
  isTerminating,
  hostname,
  nodeName,
  pod,
}: Member): SliceEndpoint => ({
  addresses: [ip],
  conditions: { ready: isReady, serving: isServing, terminating: isTerminating },
  ...(hostname && { hostname }),
  ...(nodeName && { nodeName }),
  targetRef: { kind: 'Pod', ...pod },
})

export function frameOfService(service: Service, triggeredAt: string): SliceFrame {
  const { name, uid = '' } = service.metadata
  return {
    labels: { ...labelsFor(service), [SERVICE_NAME]: name, [SLICE_MANAGED_BY]: CONTROLLER },
    annotations: { [LAST_CHANGE]: triggeredAt },
    owner: { apiVersion: 'v1', kind: 'Service', name, uid },
  }
}

/** Slices that mirror an Endpoints object written by hand: one for each subset. */
export function contentsOfEndpoints(endpoints: Endpoints): SliceContent[] {
  return (endpoints.subsets ?? []).map(({ addresses = [], notReadyAddresses = [], ports = [] }) => ({
    endpoints: [
      ...addresses.map((address) => ({ address, ready: true })),
      ...notReadyAddresses.map((address) => ({ address, ready: false })),
    ].map(({ address: { ip, hostname, nodeName, targetRef }, ready }) => ({
      addresses: [ip],
      conditions: { ready },
      ...(hostname && { hostname }),
      ...(nodeName && { nodeName }),
      ...(targetRef && { targetRef }),
    })),
    ports: slicePorts(ports),
  }))
}

export function frameOfEndpoints(endpoints: Endpoints): SliceFrame {
  const { name, uid = '', labels, annotations = {} } = endpoints.metadata
  const { [LAST_CHANGE]: _, ...kept } = annotations
  return {
    labels: { ...labels, [SERVICE_NAME]: name, [SLICE_MANAGED_BY]: MIRROR },
    annotations: kept,
    owner: { apiVersion: 'v1', kind: 'Endpoints', name, uid },
  }
}

export function newSlice(of: KubeObject, frame: SliceFrame, content: SliceContent): EndpointSlice {
  const { name, namespace } = of.metadata
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      // The server makes the name, so that a slice is never taken for an earlier one.
      name: '',
      generateName: `${name}-`,
      ...(namespace !== undefined && { namespace }),
      labels: frame.labels,
      annotations: frame.annotations,
      ownerReferences: [{ ...frame.owner, controller: true, blockOwnerDeletion: true }],
    },
    addressType: 'IPv4',
    ...content,
  }
}
