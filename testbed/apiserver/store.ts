import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { remembered } from '../runtime/memo.ts'

export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED'

/** One write. `previous` is the object before it, so that a watch with a selector can tell arrival from departure. */
export interface Change {
  revision: number
  type: ChangeType
  object: KubeObject
  previous: KubeObject | undefined
}

/** How many writes to one resource can be watched again; older resourceVersions are answered with 410. */
const HISTORY = 4096

/** All objects of one resource, keyed by namespace and name. */
class Bucket {
  readonly objects = new Map<string, KubeObject>()
  readonly changes: Change[] = []
  readonly listeners = new Set<(change: Change) => void>()
  /** Revision of the newest change that is no longer in `changes`. */
  forgottenRevision = 0
}

const keyOf = (namespace: string | undefined, name: string) => `${namespace ?? ''}/${name}`

/**
 * Objects in memory under one global revision, as etcd keeps them. Stored objects are never changed: a write replaces
 * the object, so whoever holds one has a snapshot.
 */
export class Store {
  #revision = 0
  readonly #buckets = new Map<string, Bucket>()
  readonly #everyone = new Set<(bucket: string, change: Change) => void>()

  get revision(): number {
    return this.#revision
  }

  get(bucket: string, namespace: string | undefined, name: string): KubeObject | undefined {
    return this.#bucket(bucket).objects.get(keyOf(namespace, name))
  }

  /** Objects of one resource in order of their keys, as a real listing has them. */
  list(bucket: string, namespace?: string): KubeObject[] {
    const found = [...this.#bucket(bucket).objects]
      .filter(([, object]) => namespace === undefined || object.metadata.namespace === namespace)
      .sort(([a], [b]) => (a < b ? -1 : 1))
    return found.map(([, object]) => object)
  }

  /** Writes the object under the next revision, notifies watchers, and returns it with that revision. */
  put(bucket: string, object: KubeObject): KubeObject {
    const { objects } = this.#bucket(bucket)
    const key = keyOf(object.metadata.namespace, object.metadata.name)
    const previous = objects.get(key)
    const stored = this.#stamp(object)
    objects.set(key, stored)
    this.#tell(bucket, { type: previous ? 'MODIFIED' : 'ADDED', object: stored, previous })
    return stored
  }

  remove(bucket: string, namespace: string | undefined, name: string): KubeObject | undefined {
    const { objects } = this.#bucket(bucket)
    const key = keyOf(namespace, name)
    const previous = objects.get(key)
    if (!previous) return undefined
    objects.delete(key)
    const last = this.#stamp(previous)
    this.#tell(bucket, { type: 'DELETED', object: last, previous })
    return last
  }

  /** What came before a resource was there cannot be watched. */
  begin(bucket: string): void {
    if (!this.#buckets.has(bucket)) this.#bucket(bucket).forgottenRevision = this.#revision
  }

  /** Changes after `revision`; if that is too old, the oldest revision that is still kept. */
  since(bucket: string, revision: number): Change[] | { oldest: number } {
    const { changes, forgottenRevision } = this.#bucket(bucket)
    if (revision < forgottenRevision) return { oldest: forgottenRevision }
    return changes.filter((change) => change.revision > revision)
  }

  /** Calls `listener` synchronously after each later write to this resource, until the returned function is called. */
  subscribe(bucket: string, listener: (change: Change) => void): () => void {
    const { listeners } = this.#bucket(bucket)
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  subscribeAll(listener: (bucket: string, change: Change) => void): () => void {
    this.#everyone.add(listener)
    return () => this.#everyone.delete(listener)
  }

  #bucket(name: string): Bucket {
    return remembered(this.#buckets, name, () => new Bucket())
  }

  #stamp(object: KubeObject): KubeObject {
    this.#revision++
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#revision) } }
  }

  #tell(name: string, change: Omit<Change, 'revision'>): void {
    const bucket = this.#bucket(name)
    const full = { revision: this.#revision, ...change }
    bucket.changes.push(full)
    if (bucket.changes.length > HISTORY) bucket.forgottenRevision = bucket.changes.shift()!.revision
    for (const listener of bucket.listeners) listener(full)
    for (const listener of this.#everyone) listener(name, full)
  }
}
