import { type EndpointSlice, type Endpoints, keyOf, type Service } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import type { WeirError } from '#weir/errors/index.ts'
import { Cache } from '../runtime/cache.ts'
import { seededRandom } from '../runtime/random.ts'
import type { NodeDirectory } from '../types.ts'
import {
  type Backend,
  backendsOf,
  type Frontend,
  frontendsOf,
  type ProxyAddresses,
  reachedFrom,
} from './backends.ts'
import { ProxyListener } from './listener.ts'

/** Where faults change what the proxy does. */
export interface ProxyControl {
  /** When the first evacuation starts. */
  firstEvacuation: Promise<void>
  /** Every Service refuses connections until open(). */
  close(): void
  open(): void
  /** From now on a frontend ("10.96.0.1:1883") leads only to what this chooses. */
  choose(choice: BackendChoice): void
}

type BackendChoice = (frontend: string, backends: Backend[]) => Backend[]

export interface ProxyOptions extends ProxyAddresses {
  directory: NodeDirectory
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
  const { directory, faults, onError } = options
  const random = seededRandom(options.seed ?? 1)
  const services = new Cache<Service>(kube, resources.services, sync)
  const slices = new Cache<EndpointSlice>(kube, resources.endpointSlices, sync)
  const endpoints = new Cache<Endpoints>(kube, resources.endpoints, sync)
  const caches = [services, slices, endpoints]
  const listeners = new Map<string, ProxyListener>()
  let isClosed = false
  let choose: BackendChoice = (_frontend, backends) => backends
  let stopped = false

  function sync(): void {
    if (stopped) return
    const wanted = new Map<string, Frontend>()
    for (const service of services.all())
      for (const frontend of frontendsOf(service, options))
        wanted.set(`${frontend.host}:${frontend.port}`, frontend)
    for (const [address, listener] of listeners) {
      if (isSame(wanted.get(address), listener.frontend)) continue
      listener.close()
      listeners.delete(address)
    }
    for (const [address, frontend] of wanted) {
      const { service, portName } = frontend
      const listener = listeners.get(address) ?? new ProxyListener(frontend, directory, random, onError)
      listeners.set(address, listener)
      const found = backendsOf(service, portName, slices.all(), endpoints.get(keyOf(service)))
      const reached = reachedFrom(frontend, found)
      // Endpoints elsewhere, and none where this address leads to: kube-proxy drops, where it refuses if there is none at all.
      if (!isClosed && found.length > 0 && reached.length === 0) listener.drop()
      else listener.serve(isClosed ? [] : choose(address, reached))
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
    choose(choice) {
      choose = choice
      sync()
    },
  })
  await Promise.all(caches.map(({ ready }) => ready))
  return {
    stop() {
      stopped = true
      for (const cache of caches) cache.stop()
      for (const listener of listeners.values()) listener.close()
      listeners.clear()
    },
  }
}

const isSame = (a: Frontend | undefined, b: Frontend) =>
  a !== undefined && keyOf(a.service) === keyOf(b.service) && a.portName === b.portName
