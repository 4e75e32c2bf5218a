import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi, KubeObject } from '#weir/cluster/kubernetes/types.ts'
import type { WeirError } from '#weir/errors/index.ts'
import { seededRandom } from '../emqx/random.ts'
import type { NodeDirectory } from '../types.ts'
import { Backends } from './backends.ts'
import { ProxyDoor } from './door.ts'
import { type Frontend, frontendsOf } from './frontends.ts'
import { type EndpointSlice, type Endpoints, keyOf, type Service, type ServiceKey } from './types.ts'

/** Where faults change what the proxy does. */
export interface ProxyControl {
  /** When the first evacuation starts. */
  firstEvacuation: Promise<void>
  /** Every Service refuses connections until open(). */
  close(): void
  open(): void
}

export interface ProxyOptions {
  directory: NodeDirectory
  /** Addresses of the Nodes, where node ports are opened. */
  nodeIps: readonly string[]
  seed?: number
  faults: { proxy(control: ProxyControl): void }
  /** When the first evacuation starts; left out, never. */
  firstEvacuation?: Promise<void>
  /** A listener that cannot be opened (WEIR_ADDRESS_IN_USE names it); it is tried again every second. */
  onError: (error: WeirError) => void
}

/**
 * kube-proxy's job: listens wherever Services are reached, picks a ready endpoint at random for each connection and hands
 * the accepted socket to that pod's node. Resolves once the first Services and endpoints are known.
 */
export async function startProxy(kube: KubeApi, options: ProxyOptions): Promise<{ stop(): void }> {
  const { directory, nodeIps, faults, onError } = options
  const random = seededRandom(options.seed ?? 1)
  const services = new Map<ServiceKey, Service>()
  const backends = new Backends()
  const doors = new Map<string, ProxyDoor>()
  let isClosed = false
  let stopped = false

  function sync(): void {
    if (stopped) return
    const wanted = new Map<string, Frontend>()
    for (const service of services.values())
      for (const frontend of frontendsOf(service, nodeIps))
        wanted.set(`${frontend.host}:${frontend.port}`, frontend)
    for (const [address, door] of doors) {
      const frontend = wanted.get(address)
      if (frontend?.service === door.frontend.service && frontend.portName === door.frontend.portName)
        continue
      door.close()
      doors.delete(address)
    }
    for (const [address, frontend] of wanted) {
      const door = doors.get(address) ?? new ProxyDoor(frontend, directory, random, onError)
      doors.set(address, door)
      door.serve(isClosed ? [] : backends.of(frontend.service, frontend.portName))
    }
  }

  const setClosed = (closed: boolean) => {
    isClosed = closed
    sync()
  }
  faults.proxy({
    firstEvacuation: options.firstEvacuation ?? new Promise(() => {}),
    close: () => setClosed(true),
    open: () => setClosed(false),
  })

  /** Watches one kind everywhere and calls sync() after each change. */
  function follow<T extends KubeObject>(
    resource: Parameters<KubeApi['watch']>[0],
    onList: (items: T[]) => void,
    onChange: (item: T, deleted: boolean) => void,
  ) {
    return kube.watch<T>(
      resource,
      {},
      {
        onList(items) {
          onList(items)
          sync()
        },
        onEvent(type, item) {
          onChange(item, type === 'DELETED')
          sync()
        },
        // What was known stays in force until the next listing, as in kube-proxy.
        onGap: () => {},
      },
    )
  }

  const watches = [
    follow<Service>(
      resources.services,
      (items) => {
        services.clear()
        for (const service of items) services.set(keyOf(service), service)
      },
      (service, deleted) => {
        if (deleted) services.delete(keyOf(service))
        else services.set(keyOf(service), service)
      },
    ),
    follow<EndpointSlice>(
      resources.endpointSlices,
      (items) => backends.setSlices(items),
      (slice, deleted) => backends.setSlice(slice, deleted),
    ),
    follow<Endpoints>(
      resources.endpoints,
      (items) => backends.setAllEndpoints(items),
      (endpoints, deleted) => backends.setEndpoints(endpoints, deleted),
    ),
  ]
  await Promise.all(watches.map(({ ready }) => ready))
  return {
    stop() {
      stopped = true
      for (const watch of watches) watch.stop()
      for (const door of doors.values()) door.close()
      doors.clear()
    },
  }
}
