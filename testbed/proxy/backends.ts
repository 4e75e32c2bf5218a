import { type Backend, type EndpointSlice, type Endpoints, keyOf, type ServiceKey } from './types.ts'

const SERVICE_LABEL = 'kubernetes.io/service-name'

/**
 * Ready endpoints of each Service's ports. EndpointSlices count, as for kube-proxy; a Service that has none is served from
 * its Endpoints, for API servers that do not mirror them.
 */
export class Backends {
  readonly #slices = new Map<string, EndpointSlice>()
  readonly #endpoints = new Map<ServiceKey, Endpoints>()

  setSlices(slices: EndpointSlice[]): void {
    this.#slices.clear()
    for (const slice of slices) this.#slices.set(keyOf(slice), slice)
  }

  setSlice(slice: EndpointSlice, deleted: boolean): void {
    if (deleted) this.#slices.delete(keyOf(slice))
    else this.#slices.set(keyOf(slice), slice)
  }

  setAllEndpoints(all: Endpoints[]): void {
    this.#endpoints.clear()
    for (const endpoints of all) this.#endpoints.set(keyOf(endpoints), endpoints)
  }

  setEndpoints(endpoints: Endpoints, deleted: boolean): void {
    if (deleted) this.#endpoints.delete(keyOf(endpoints))
    else this.#endpoints.set(keyOf(endpoints), endpoints)
  }

  /** `portName` is "" for a Service with a single unnamed port. */
  of(service: ServiceKey, portName: string): Backend[] {
    const slices = [...this.#slices.values()].filter(
      ({ metadata }) => `${metadata.namespace}/${metadata.labels?.[SERVICE_LABEL]}` === service,
    )
    const found =
      slices.length > 0 ? fromSlices(slices, portName) : fromEndpoints(this.#endpoints.get(service), portName)
    const byAddress = new Map(found.map((backend) => [`${backend.ip}:${backend.port}`, backend]))
    return [...byAddress.values()]
  }
}

function fromSlices(slices: EndpointSlice[], portName: string): Backend[] {
  return slices.flatMap(({ endpoints = [], ports = [] }) => {
    const port = ports.find(({ name = '' }) => name === portName)?.port
    if (port === undefined) return []
    // No condition means ready (discovery.k8s.io/v1).
    return endpoints
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
