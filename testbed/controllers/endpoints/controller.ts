import { isDeepStrictEqual } from 'node:util'
import { unlessGone } from '#weir/cluster/kubernetes/api-errors.ts'
import {
  type EndpointSlice,
  type Endpoints,
  keyOf,
  type Pod,
  type Service,
  selects,
  timestamp,
} from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi, KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { Cache } from '../../runtime/cache.ts'
import { exceptConflicts, WorkQueue } from '../../runtime/work-queue.ts'
import { endpointsFor } from './endpoints-object.ts'
import type { EndpointsHooks } from './hooks.ts'
import { type Member, membersOf } from './membership.ts'
import {
  CONTROLLER,
  contentsOf,
  contentsOfEndpoints,
  frameOfEndpoints,
  frameOfService,
  MIRROR,
  SERVICE_NAME,
  SLICE_MANAGED_BY,
  type SliceContent,
  type SliceFrame,
  writeSlices,
} from './slices.ts'

const SKIP_MIRROR = 'endpointslice.kubernetes.io/skip-mirror'

/**
 * Publishes the pods of each Service as Endpoints and EndpointSlices. For Services without a selector it mirrors existing
 * Endpoints into EndpointSlices.
 */
export class EndpointsController {
  readonly ready: Promise<unknown>
  readonly #kube: KubeApi
  readonly #queue: WorkQueue
  readonly #services: Cache<Service>
  readonly #pods: Cache<Pod>
  readonly #endpoints: Cache<Endpoints>
  readonly #slices: Cache<EndpointSlice>
  readonly #hooks: EndpointsHooks

  constructor(kube: KubeApi, hooks: EndpointsHooks, onError: (where: string, error: unknown) => void) {
    this.#kube = kube
    this.#hooks = hooks
    const report = exceptConflicts((key, error) => onError(`endpoints ${key}`, error))
    this.#queue = new WorkQueue((key) => this.#sync(key), { onError: report })
    this.#slices = new Cache<EndpointSlice>(kube, resources.endpointSlices, (now, before) => {
      const slice = now ?? before
      const service = slice?.metadata.labels?.[SERVICE_NAME]
      if (service) this.#queue.add(`${slice.metadata.namespace}/${service}`)
    })
    this.#endpoints = new Cache<Endpoints>(kube, resources.endpoints, (now, before) =>
      this.#queue.add(keyOf((now ?? before)!)),
    )
    this.#pods = new Cache<Pod>(kube, resources.pods, (now, before) => {
      for (const service of this.#services.inNamespace((now ?? before)!.metadata.namespace)) {
        const { selector } = service.spec
        if ([now, before].some((pod) => pod && selects(selector, pod.metadata.labels)))
          this.#queue.add(keyOf(service))
      }
    })
    this.#services = new Cache<Service>(kube, resources.services, (now, before) => {
      const key = keyOf((now ?? before)!)
      if (now) this.#queue.add(key)
      else void this.#removed(key).catch((error: unknown) => report(key, error))
    })
    const caches = [this.#services, this.#pods, this.#endpoints, this.#slices]
    this.ready = Promise.all(caches.map((cache) => cache.ready))
    this.ready.catch(() => {})
  }

  stop(): void {
    for (const cache of [this.#services, this.#pods, this.#endpoints, this.#slices]) cache.stop()
    void this.#queue.stop()
  }

  /** Endpoints have no owner: they go with the Service of their name. EndpointSlices are garbage-collected. */
  async #removed(key: string): Promise<void> {
    const endpoints = this.#endpoints.get(key)
    if (!endpoints) return
    const { namespace, name } = endpoints.metadata
    await unlessGone(this.#kube.delete(resources.endpoints, namespace, name))
  }

  async #sync(key: string): Promise<void> {
    await this.ready
    const service = this.#services.get(key)
    if (!service || service.metadata.deletionTimestamp || service.spec.type === 'ExternalName') return
    if (!service.spec.selector || Object.keys(service.spec.selector).length === 0)
      return this.#mirror(key, service)
    const found = membersOf(service, this.#pods.inNamespace(service.metadata.namespace))
    const { members, againInMs } = this.#hooks.published(key, service, found, Date.now())
    if (againInMs !== undefined) this.#queue.addAfter(key, againInMs)
    const triggeredAt = timestamp()
    await this.#writeEndpoints(key, service, members, triggeredAt)
    const frame = frameOfService(service, triggeredAt)
    const slices = this.#slicesOf(service, CONTROLLER)
    await this.#writeSlices(service, frame, contentsOf(members), slices)
  }

  async #writeEndpoints(
    key: string,
    service: Service,
    members: Member[],
    triggeredAt: string,
  ): Promise<void> {
    const known = this.#endpoints.get(key)
    const wanted = endpointsFor(service, members, triggeredAt)
    if (!known) {
      this.#endpoints.learn(await this.#kube.create(resources.endpoints, wanted))
      return
    }
    const isSame =
      isDeepStrictEqual(known.subsets ?? [], wanted.subsets ?? []) &&
      isDeepStrictEqual(known.metadata.labels, wanted.metadata.labels)
    if (isSame) return
    const { metadata, ...rest } = wanted
    const { labels, annotations } = metadata
    const written = await this.#kube.replace<Endpoints>(resources.endpoints, {
      ...rest,
      metadata: { ...known.metadata, labels: labels!, annotations: annotations! },
    })
    this.#endpoints.learn(written)
  }

  async #mirror(key: string, service: Service): Promise<void> {
    const endpoints = this.#endpoints.get(key)
    if (!endpoints || endpoints.metadata.labels?.[SKIP_MIRROR] === 'true') return
    const slices = this.#slicesOf(service, MIRROR)
    await this.#writeSlices(endpoints, frameOfEndpoints(endpoints), contentsOfEndpoints(endpoints), slices)
  }

  async #writeSlices(
    of: KubeObject,
    frame: SliceFrame,
    contents: SliceContent[],
    slices: EndpointSlice[],
  ): Promise<void> {
    for (const written of await writeSlices(this.#kube, of, frame, contents, slices))
      this.#slices.learn(written)
  }

  #slicesOf({ metadata }: Service, manager: string): EndpointSlice[] {
    return this.#slices
      .inNamespace(metadata.namespace)
      .filter(({ metadata: { labels, deletionTimestamp } }) => {
        const isTheirs = labels?.[SERVICE_NAME] === metadata.name && labels[SLICE_MANAGED_BY] === manager
        return isTheirs && !deletionTimestamp
      })
  }
}
