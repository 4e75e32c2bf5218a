import { keyOf } from '#weir/cluster/kubernetes/kinds.ts'
import type { KubeApi, KubeObject, Resource } from '#weir/cluster/kubernetes/types.ts'

const versionOf = (object: KubeObject | undefined): number => Number(object?.metadata.resourceVersion ?? 0)

/**
 * The objects of one resource as last seen, kept by a watch. After a gap the new listing is compared with what was known,
 * so that `onChange` misses nothing, deletions included. What the caller itself wrote can be learned at once, so that it
 * does not act again on what it has just changed; older versions from the watch are ignored.
 */
export class Cache<T extends KubeObject> {
  readonly ready: Promise<void>
  readonly #objects = new Map<string, T>()
  readonly #onChange: (now: T | undefined, before: T | undefined) => void
  readonly #watch: { ready: Promise<void>; stop(): void }

  constructor(
    kube: KubeApi,
    resource: Resource,
    onChange: (now: T | undefined, before: T | undefined) => void,
    onGap: (reason: string) => void = () => {},
  ) {
    this.#onChange = onChange
    this.#watch = kube.watch<T>(
      resource,
      {},
      {
        onList: (items, resourceVersion) => this.#replace(items, Number(resourceVersion)),
        onEvent: (type, object) => {
          if (type === 'DELETED') this.#drop(keyOf(object), versionOf(object))
          else this.learn(object)
        },
        onGap,
      },
    )
    this.ready = this.#watch.ready
  }

  get(key: string): T | undefined {
    return this.#objects.get(key)
  }

  all(): T[] {
    return [...this.#objects.values()]
  }

  inNamespace(namespace: string | undefined): T[] {
    return this.all().filter((object) => object.metadata.namespace === namespace)
  }

  /** Takes over an object as the server answered it, unless something newer is known. */
  learn(object: T): void {
    const key = keyOf(object)
    const before = this.#objects.get(key)
    if (before && versionOf(object) <= versionOf(before)) return
    this.#objects.set(key, object)
    this.#onChange(object, before)
  }

  stop(): void {
    this.#watch.stop()
  }

  #drop(key: string, version: number): void {
    const before = this.#objects.get(key)
    if (!before || versionOf(before) > version) return
    this.#objects.delete(key)
    this.#onChange(undefined, before)
  }

  #replace(items: T[], version: number): void {
    const listed = new Set(items.map(keyOf))
    for (const key of [...this.#objects.keys()]) if (!listed.has(key)) this.#drop(key, version)
    for (const item of items) this.learn(item)
  }
}
