import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { remembered } from '../runtime/memo.ts'
import type { Background } from './background.ts'
import { type Context, OWN_WRITE } from './context.ts'
import { ApiError } from './errors.ts'
import { deleteObject, FOREGROUND, ORPHAN } from './operations/delete.ts'
import { updateObject } from './operations/update.ts'
import type { Change } from './store.ts'

/** Where an object is. */
interface Place {
  bucket: string
  namespace: string | undefined
  name: string
}

/**
 * Deletes objects whose owners are gone (Kubernetes "Garbage Collection"): background by default; Foreground deletes the
 * dependents first, Orphan takes the references away. A reference to an owner that never existed counts as gone.
 */
export class GarbageCollector {
  readonly #context: Context
  readonly #background: Background
  readonly #live = new Map<string, Place>()
  readonly #dependents = new Map<string, Map<string, Place>>()
  readonly #stop: () => void

  constructor(context: Context, background: Background) {
    this.#context = context
    this.#background = background
    this.#stop = context.store.subscribeAll((bucket, change) => this.#see(bucket, change))
  }

  close(): void {
    this.#stop()
  }

  #see(bucket: string, { type, object, previous }: Change): void {
    const { uid = '', namespace, name, deletionTimestamp, finalizers = [] } = object.metadata
    const place = { bucket, namespace, name }
    for (const owner of ownersOf(previous)) this.#dependents.get(owner)?.delete(uid)
    if (type === 'DELETED') {
      this.#live.delete(uid)
      this.#visitDependents(uid)
      for (const owner of ownersOf(object)) this.#visitWaitingOwner(owner)
      return
    }
    this.#live.set(uid, place)
    const owners = ownersOf(object)
    for (const owner of owners) {
      remembered(this.#dependents, owner, () => new Map<string, Place>()).set(uid, place)
    }
    if (owners.some((owner) => !this.#live.has(owner))) this.#visit(place)
    for (const owner of ownersOf(previous)) if (!owners.includes(owner)) this.#visitWaitingOwner(owner)
    if (deletionTimestamp && finalizers.some((each) => each === FOREGROUND || each === ORPHAN))
      this.#background.run(() => this.#release(uid, place))
  }

  #visitDependents(uid: string): void {
    for (const place of this.#dependents.get(uid)?.values() ?? []) this.#visit(place)
    this.#dependents.delete(uid)
  }

  #visitWaitingOwner(uid: string): void {
    const place = this.#live.get(uid)
    const owner = place && this.#read(place)
    if (place && owner?.metadata.finalizers?.includes(FOREGROUND))
      this.#background.run(() => this.#release(uid, place))
  }

  #visit(place: Place): void {
    this.#background.run(() => this.#collect(place))
  }

  #read({ bucket, namespace, name }: Place): KubeObject | undefined {
    return this.#context.store.get(bucket, namespace, name)
  }

  /** Deletes the object unless one of its owners lives; then only the dangling references go. */
  async #collect(place: Place): Promise<void> {
    const object = this.#read(place)
    const references = object?.metadata.ownerReferences ?? []
    if (!object || references.length === 0) return
    const solid = references.filter((reference) => this.#live.has(reference.uid))
    if (solid.length === references.length) return
    if (solid.length === 0) await this.#delete(place, object)
    else await this.#setReferences(place, solid)
  }

  /** An owner that waits for its dependents: orphans them, or deletes them and goes when the last one has gone. */
  async #release(uid: string, place: Place): Promise<void> {
    const owner = this.#read(place)
    if (!owner || owner.metadata.uid !== uid) return
    const dependents = [...(this.#dependents.get(uid)?.values() ?? [])]
    if (owner.metadata.finalizers?.includes(ORPHAN)) {
      for (const each of dependents) {
        const references = this.#read(each)?.metadata.ownerReferences ?? []
        await this.#setReferences(
          each,
          references.filter((reference) => reference.uid !== uid),
        )
      }
      await this.#removeFinalizer(place, ORPHAN)
    } else if (owner.metadata.finalizers?.includes(FOREGROUND)) {
      const blocking = dependents.filter((each) => blocks(this.#read(each), uid))
      for (const each of dependents) {
        const object = this.#read(each)
        if (object && !object.metadata.deletionTimestamp) await this.#delete(each, object)
      }
      if (blocking.every((each) => !this.#read(each))) await this.#removeFinalizer(place, FOREGROUND)
    }
  }

  async #delete({ bucket, namespace, name }: Place, object: KubeObject): Promise<void> {
    const type = this.#context.catalogue.ofBucket(bucket)
    if (!type) return
    const preconditions = { uid: object.metadata.uid! }
    await settle(deleteObject(this.#context, type, namespace, name, { preconditions }))
  }

  async #setReferences(place: Place, references: KubeObject['metadata']['ownerReferences']): Promise<void> {
    await this.#change(place, (object) => {
      if (references?.length) object.metadata.ownerReferences = references
      else delete object.metadata.ownerReferences
    })
  }

  async #removeFinalizer(place: Place, finalizer: string): Promise<void> {
    await this.#change(place, ({ metadata }) => {
      metadata.finalizers = (metadata.finalizers ?? []).filter((each) => each !== finalizer)
    })
  }

  async #change({ bucket, namespace, name }: Place, change: (object: KubeObject) => void): Promise<void> {
    const type = this.#context.catalogue.ofBucket(bucket)
    if (!type) return
    const update = {
      change(object: KubeObject) {
        change(object)
        return object
      },
    }
    await settle(updateObject(this.#context, type, { namespace, name }, update, OWN_WRITE))
  }
}

const ownersOf = (object: KubeObject | undefined) =>
  (object?.metadata.ownerReferences ?? []).map((reference) => reference.uid)

const blocks = (object: KubeObject | undefined, owner: string) =>
  object?.metadata.ownerReferences?.some(
    ({ uid, blockOwnerDeletion }) => uid === owner && blockOwnerDeletion,
  ) ?? false

/** The object is gone or was replaced already. */
async function settle(work: Promise<unknown>): Promise<void> {
  try {
    await work
  } catch (error) {
    if (!(error instanceof ApiError && (error.code === 404 || error.code === 409))) throw error
  }
}
