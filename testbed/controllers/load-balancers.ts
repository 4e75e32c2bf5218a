import { isDeepStrictEqual } from 'node:util'
import { unlessGone } from '#weir/cluster/kubernetes/api-errors.ts'
import { keyOf, type Service } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import { nameOf } from '../runtime/address-names.ts'
import { Cache } from '../runtime/cache.ts'
import { exceptConflicts, WorkQueue } from '../runtime/work-queue.ts'
import type { LoadBalancerOptions } from '../types.ts'

/** Clouds name the annotations that choose the kind of a load balancer so: Alibaba Cloud, AWS and Azure alike. */
const OF_CLOUD = 'service.beta.kubernetes.io/'
/** .2 to .254. */
const ALL_HOSTS = Array.from({ length: 253 }, (_, i) => i + 2)

type Ingress = NonNullable<NonNullable<NonNullable<Service['status']>['loadBalancer']>['ingress']>

/** A load balancer as it was made: for which Service, of which kind, at which addresses. */
interface Balancer {
  uid: string | undefined
  kind: Readonly<Record<string, string>>
  hosts: number[]
}

export interface LoadBalancersOptions extends LoadBalancerOptions {
  /** First three parts of the addresses, with the dot: "127.3.8.". */
  prefix: string
}

/**
 * The part of a cloud: gives each Service of type LoadBalancer its addresses, and removes them when the type changes. When annotations that
 * choose its kind change, the load balancer is made anew, which takes a moment, and gets other addresses. An address is not
 * given again while there are others.
 */
export function startLoadBalancers(
  kube: KubeApi,
  { prefix, addresses = 1, hostname = false, pending = false, remakeSeconds = 1 }: LoadBalancersOptions,
  onError: (where: string, error: unknown) => void,
): { ready: Promise<unknown>; stop(): void } {
  const made = new Map<string, Balancer>()
  const given = new Set<number>()
  /** When a load balancer that is made anew is there. */
  const readyMs = new Map<string, number>()

  function allocate(key: string, { metadata }: Service): Balancer {
    const taken = new Set([...made.values()].flatMap(({ hosts }) => hosts))
    const free = ALL_HOSTS.filter((host) => !taken.has(host))
    // Those that nobody ever had come first.
    const hosts = [...free.filter((host) => !given.has(host)), ...free].slice(0, addresses)
    for (const host of hosts) given.add(host)
    const balancer = { uid: metadata.uid, kind: kindOf(metadata.annotations), hosts }
    made.set(key, balancer)
    return balancer
  }

  async function settle(key: string): Promise<void> {
    const service = services.get(key)
    if (service?.spec.type !== 'LoadBalancer') {
      made.delete(key)
      readyMs.delete(key)
      if (service && ingressOf(service).length > 0) await write(service, [])
      return
    }
    if (pending) return
    const before = made.get(key)
    const isSame =
      before?.uid === service.metadata.uid &&
      isDeepStrictEqual(before?.kind, kindOf(service.metadata.annotations))
    const { hosts } = before && isSame ? before : allocate(key, service)
    if (before && !isSame) readyMs.set(key, Date.now() + remakeSeconds * 1000)
    const waitMs = (readyMs.get(key) ?? 0) - Date.now()
    const ingress = waitMs > 0 ? [] : hosts.map((host) => entry(`${prefix}${host}`, hostname))
    if (!isDeepStrictEqual(ingressOf(service), ingress)) await write(service, ingress)
    if (waitMs > 0) queue.addAfter(key, waitMs)
  }

  async function write({ metadata }: Service, ingress: Ingress): Promise<void> {
    const status = { loadBalancer: ingress.length > 0 ? { ingress } : { ingress: null } }
    const { name, namespace } = metadata
    const written = await unlessGone(
      kube.patch<Service>(
        resources.services,
        namespace,
        name,
        'merge',
        { status },
        { subresource: 'status' },
      ),
    )
    if (written) services.learn(written)
  }

  // One at a time: what one takes, the next does not find.
  const queue = new WorkQueue(settle, {
    workers: 1,
    onError: exceptConflicts((key, error) => onError(`load balancer ${key}`, error)),
  })
  const services = new Cache<Service>(kube, resources.services, (service, before) => {
    const known = service ?? before
    if (known) queue.add(keyOf(known))
  })
  return {
    ready: services.ready,
    stop() {
      services.stop()
      void queue.stop()
    },
  }
}

const ingressOf = ({ status }: Service): Ingress => status?.loadBalancer?.ingress ?? []

const kindOf = (annotations: Record<string, string> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(annotations).filter(([key]) => key.startsWith(OF_CLOUD)))

const entry = (ip: string, hostname: boolean): Ingress[number] =>
  hostname ? { hostname: nameOf(ip) } : { ip, ipMode: 'VIP' }
