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
