import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import type { Background } from './background.ts'
import { type Context, OWN_WRITE } from './context.ts'
import type { Definition } from './crd/definition.ts'
import { CLEANUP_FINALIZER } from './crd/strategy.ts'
import { deleteObject } from './operations/delete.ts'
import { updateObject } from './operations/update.ts'

const NAMESPACES = '/namespaces'
const DEFINITIONS = 'apiextensions.k8s.io/customresourcedefinitions'

/**
 * Empties what is being deleted and holds other objects: a namespace, and a CustomResourceDefinition with its resources.
 * They go when the last object inside has gone.
 */
export function startNamespaceController(context: Context, background: Background): () => void {
  const { store } = context
  return store.subscribeAll((bucket, { type, object }) => {
    if (bucket === DEFINITIONS) serve(context, type === 'DELETED', object)
    const isMarked = type !== 'DELETED' && object.metadata.deletionTimestamp !== undefined
    if (isMarked && bucket === NAMESPACES) background.run(() => emptyNamespace(context, object.metadata.name))
    if (isMarked && bucket === DEFINITIONS)
      background.run(() => emptyDefinition(context, object.metadata.name))
    if (type !== 'DELETED') return
    const { namespace } = object.metadata
    const home = namespace ? store.get(NAMESPACES, undefined, namespace) : undefined
    if (home?.metadata.deletionTimestamp) background.run(() => emptyNamespace(context, home.metadata.name))
    const definition = store.list(DEFINITIONS).find((each) => bucketOf(each) === bucket)
    if (definition?.metadata.deletionTimestamp)
      background.run(() => emptyDefinition(context, definition.metadata.name))
  })
}

function serve({ catalogue, store }: Context, isGone: boolean, definition: KubeObject): void {
  if (isGone) catalogue.forget(definition)
  else {
    catalogue.define(definition)
    store.begin(bucketOf(definition))
  }
}

const bucketOf = (definition: KubeObject) => {
  const { spec } = definition as Definition
  return `${spec.group}/${spec.names.plural}`
}

async function emptyNamespace(context: Context, name: string): Promise<void> {
  const { store, catalogue } = context
  if (!store.get(NAMESPACES, undefined, name)) return
  const buckets = new Set(
    catalogue
      .all()
      .filter((type) => type.namespaced)
      .map((type) => type.bucket),
  )
  let isEmpty = true
  for (const bucket of buckets) isEmpty = (await emptyBucket(context, bucket, name)) && isEmpty
  if (!isEmpty) return
  const namespace = store.get(NAMESPACES, undefined, name)
  if (!namespace) return
  store.put(NAMESPACES, { ...namespace, spec: {} })
  store.remove(NAMESPACES, undefined, name)
}

async function emptyDefinition(context: Context, name: string): Promise<void> {
  const definition = context.store.get(DEFINITIONS, undefined, name)
  if (!definition || !(await emptyBucket(context, bucketOf(definition)))) return
  const type = context.catalogue.ofBucket(DEFINITIONS)!
  const change = (object: KubeObject) => {
    object.metadata.finalizers = object.metadata.finalizers?.filter((each) => each !== CLEANUP_FINALIZER)
    return object
  }
  await updateObject(context, type, { namespace: undefined, name }, { change }, OWN_WRITE)
}

/** Deletes every object in it; true when none is left. */
async function emptyBucket(context: Context, bucket: string, namespace?: string): Promise<boolean> {
  const type = context.catalogue.ofBucket(bucket)
  if (!type) return true
  for (const object of context.store.list(bucket, namespace))
    if (!object.metadata.deletionTimestamp)
      await deleteObject(context, type, object.metadata.namespace, object.metadata.name)
  return context.store.list(bucket, namespace).length === 0
}
