import { type EndpointSlice, type Endpoints, keyOf, type Service } from '#weir/cluster/kubernetes/kinds.ts'
import { addressOfName } from '../runtime/address-names.ts'

const SERVICE_LABEL = 'kubernetes.io/service-name'

/** Where a connection may go. */
export interface Backend {
  ip: string
  port: number
  /** The node that it is on, as far as the endpoint says. */
  node?: string | undefined
}

/**
 * Ready endpoints of a Service's port; `portName` is "" for a single unnamed port. EndpointSlices count, as for kube-proxy.
 * A Service that has none is served from its Endpoints, for API servers that do not mirror them.
 */
export function backendsOf(
  service: Service,
  portName: string,
  allSlices: readonly EndpointSlice[],
  endpoints: Endpoints | undefined,
): Backend[] {
  const slices = allSlices.filter(
    ({ metadata }) => `${metadata.namespace}/${metadata.labels?.[SERVICE_LABEL]}` === keyOf(service),
  )
  const found = slices.length > 0 ? fromSlices(slices, portName) : fromEndpoints(endpoints, portName)
  return [...new Map(found.map((backend) => [`${backend.ip}:${backend.port}`, backend])).values()]
}

function fromSlices(slices: EndpointSlice[], portName: string): Backend[] {
  return slices.flatMap(({ endpoints, ports }) => {
    const port = ports?.find(({ name = '' }) => name === portName)?.port
    if (port === undefined) return []
    return (endpoints ?? [])
      .filter(({ conditions }) => conditions?.ready !== false)
      .flatMap(({ addresses, nodeName }) => addresses.map((ip) => ({ ip, port, node: nodeName })))
  })
}

function fromEndpoints(endpoints: Endpoints | undefined, portName: string): Backend[] {
  return (endpoints?.subsets ?? []).flatMap(({ addresses = [], ports = [] }) => {
    const port = ports.find(({ name = '' }) => name === portName)?.port
    return port === undefined ? [] : addresses.map(({ ip, nodeName }) => ({ ip, port, node: nodeName }))
  })
}

/** An address on which a Service port is reached. */
export interface Frontend {
  host: string
  port: number
  service: Service
  portName: string
  /** Leads only to endpoints on these nodes (`externalTrafficPolicy: Local`); left out, to all. */
  nodes?: readonly string[]
}

/** Where the proxy can listen. */
export interface ProxyAddresses {
  /** The Nodes, where node ports are opened. */
  nodes: readonly { name: string; ip: string }[]
  /** Whether an address of a Service is one of this machine's. */
  isServiceAddress(address: string): boolean
}

/**
 * All addresses of a Service: node ports on every node, and its cluster and load-balancer addresses where they are of this machine. With
 * `externalTrafficPolicy: Local` a node port leads to endpoints of its own node, and a load balancer to the nodes that have any.
 */
export function frontendsOf(service: Service, { nodes, isServiceAddress }: ProxyAddresses): Frontend[] {
  const { clusterIP, clusterIPs = clusterIP === undefined ? [] : [clusterIP], ports = [] } = service.spec
  const isLocal = service.spec.externalTrafficPolicy === 'Local'
  const cluster = clusterIPs.filter(isServiceAddress)
  const balanced = (service.status?.loadBalancer?.ingress ?? [])
    .map(({ ip, hostname }) => ip ?? addressOfName(hostname ?? '') ?? '')
    .filter(isServiceAddress)
  const localTo = (names: string[]) => (isLocal ? { nodes: names } : {})
  return ports
    .filter(({ protocol = 'TCP' }) => protocol === 'TCP')
    .flatMap(({ name = '', port, nodePort }) => {
      const at = { service, portName: name }
      return [
        ...cluster.map((host) => ({ host, port, ...at })),
        ...balanced.map((host) => ({ host, port, ...at, ...localTo(nodes.map((node) => node.name)) })),
        ...(nodePort === undefined || nodePort === 0
          ? []
          : nodes.map((node) => ({ host: node.ip, port: nodePort, ...at, ...localTo([node.name]) }))),
      ]
    })
}

/** Those of a Service's endpoints that a frontend leads to; an endpoint that names no node is on none. */
export const reachedFrom = ({ nodes }: Frontend, backends: readonly Backend[]): Backend[] =>
  backends.filter(({ node }) => nodes === undefined || (node !== undefined && nodes.includes(node)))
