import type { Duplex } from 'node:stream'
import {
  type KubeApi,
  KubeApiError,
  type KubeObject,
  type Resource,
  type WatchHandler,
} from '#weir/cluster/kubernetes/types.ts'

/** An API server in memory, as far as the cluster room needs one: lists, gets, and watches that a test drives. */
export class FakeKube implements KubeApi {
  readonly server = 'http://fake'
  readonly namespace = 'q6'
  readonly objects = new Map<string, KubeObject[]>()
  readonly watches = new Map<string, WatchHandler<KubeObject>>()
  readonly selectors = new Map<string, string | undefined>()
  /** Thrown by every list and get. */
  failure: unknown

  put(kind: string, ...objects: KubeObject[]): this {
    this.objects.set(kind, [...(this.objects.get(kind) ?? []), ...objects])
    return this
  }

  async get<T extends KubeObject>(
    resource: Resource,
    _namespace: string | undefined,
    name: string,
  ): Promise<T> {
    const found = (await this.list(resource)).items.find(({ metadata }) => metadata.name === name)
    if (!found) throw new KubeApiError(404, 'NotFound', `${resource.plural} "${name}" not found`)
    return found as T
  }

  async list<T extends KubeObject>(resource: Resource): Promise<{ items: T[]; resourceVersion: string }> {
    if (this.failure) throw this.failure
    return { items: (this.objects.get(resource.kind) ?? []) as T[], resourceVersion: '1' }
  }

  watch<T extends KubeObject>(
    resource: Resource,
    options: { labelSelector?: string },
    handler: WatchHandler<T>,
  ) {
    this.watches.set(resource.kind, handler as unknown as WatchHandler<KubeObject>)
    this.selectors.set(resource.kind, options.labelSelector)
    const ready = Promise.resolve().then(async () => {
      const { items, resourceVersion } = await this.list<T>(resource)
      handler.onList(items, resourceVersion)
    })
    ready.catch(() => {})
    return { ready, stop: () => void this.watches.delete(resource.kind) }
  }

  async raw() {
    return { status: 200, body: {} }
  }
  exchange(): never {
    throw new Error('not asked for')
  }
  stream(): never {
    throw new Error('not in this fake')
  }

  forward(): Promise<Duplex> {
    throw new Error('not asked for')
  }
  create<T>(): Promise<T> {
    throw new Error('not asked for')
  }
  replace<T>(): Promise<T> {
    throw new Error('not asked for')
  }
  patch<T>(): Promise<T> {
    throw new Error('not asked for')
  }
  delete(): Promise<void> {
    throw new Error('not asked for')
  }
  close(): void {}
}
