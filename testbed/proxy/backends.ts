import { type EndpointSlice, type Endpoints, keyOf, type Service } from '#weir/cluster/kubernetes/kinds.ts'

const SERVICE_LABEL = 'kubernetes.io/service-name'

/** Where a connection may go. */
export interface Backend {
  ip: string
  port: number
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
      .flatMap(({ addresses }) => addresses.map((ip) => ({ ip, port })))
  })
}

function fromEndpoints(endpoints: Endpoints | undefined, portName: string): Backend[] {
  return (endpoints?.subsets ?? []).flatMap(({ addresses = [], ports = [] }) => {
    const port = ports.find(({ name = '' }) => name === portName)?.port
    return port === undefined ? [] : addresses.map(({ ip }) => ({ ip, port }))
  })
}

/** An address on which a Service port is reached. */
export interface Frontend {
  host: string
  port: number
  service: Service
  portName: string
}

/** Where the proxy can listen. */
export interface ProxyAddresses {
  /** Addresses of the Nodes, where node ports are opened. */
  nodeIps: readonly string[]
  /** Whether an address of a Service is one of this machine's. */
  isServiceAddress(address: string): boolean
}

/** All addresses of a Service: node ports on every node, and its cluster and load-balancer addresses where they are of this machine. */
export function frontendsOf(service: Service, { nodeIps, isServiceAddress }: ProxyAddresses): Frontend[] {
  const { clusterIP, clusterIPs = clusterIP === undefined ? [] : [clusterIP], ports = [] } = service.spec
  const own = [
    ...clusterIPs,
    ...(service.status?.loadBalancer?.ingress ?? []).map(({ ip }) => ip ?? ''),
  ].filter(isServiceAddress)
  return ports
    .filter(({ protocol = 'TCP' }) => protocol === 'TCP')
    .flatMap(({ name = '', port, nodePort }) => [
      ...own.map((host) => ({ host, port, service, portName: name })),
      ...(nodePort === undefined || nodePort === 0
        ? []
        : nodeIps.map((host) => ({ host, port: nodePort, service, portName: name }))),
    ])
}
