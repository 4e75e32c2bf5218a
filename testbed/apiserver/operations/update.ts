import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import type { Context, WriteOptions } from '../context.ts'
import { badRequest, conflict, invalid, notFound, STALE } from '../errors.ts'
import { forbiddenField, invalidValue } from '../field-error.ts'
import { clone, equal } from '../json.ts'
import type { ResourceType } from '../resource-type.ts'
import { asWritten, present, storable } from './convert.ts'
import { decode, objectOf } from './decode.ts'
import { isHeld } from './delete.ts'
import { ownerProblems } from './owners.ts'

export interface Target {
  namespace: string | undefined
  name: string
  subresource?: string
}

export interface Update {
  /** The new object, made of the present one (a copy that may be changed). Called again when another write was faster. */
  change(current: KubeObject): unknown
  /** Server-side apply says itself who owns what. */
  isApply?: boolean
  /** A custom resource must then be sent with its resourceVersion. */
  isPut?: boolean
}

/** So often a patch is applied again to what another writer left (as the real server does). */
const RETRIES = 5

/** PUT and PATCH, of the object or a subresource. Returns the object as stored. Throws ApiError. */
export async function updateObject(
  context: Context,
  type: ResourceType,
  target: Target,
  update: Update,
  options: WriteOptions,
): Promise<KubeObject> {
  for (let attempt = 1; ; attempt++) {
    const current = context.store.get(type.bucket, target.namespace, target.name)
    if (!current) throw notFound(type, target.name)
    const old = await present(context, type, current)
    const next = await admit(context, type, target, old, update, options)
    const converted = equal(next.object, old) ? next.object : await storable(context, type, next.object)
    if (context.store.get(type.bucket, target.namespace, target.name) !== current) {
      if (next.isPinned || attempt > RETRIES) throw conflict(type, target.name, STALE)
      continue
    }
    return commit(context, type, { ...next, converted, old }, target, options)
  }
}

async function admit(
  context: Context,
  type: ResourceType,
  target: Target,
  old: KubeObject,
  update: Update,
  options: WriteOptions,
): Promise<{ object: KubeObject; isPinned: boolean }> {
  const wanted = objectOf(type, update.change(clone(old)))
  let object = target.subresource ? wanted : context.hooks.admitted(type.plural, wanted)
  const isPinned = checkIdentity(type, target, object, old, update.isPut === true)
  decode(type, object, options)
  object = keepRest(type, target, object, old)
  const { dryRun } = options
  const request = { operation: 'UPDATE' as const, type, old, dryRun, subresource: target.subresource }
  const mutated = await context.admission.mutate({ ...request, object }, options.warn)
  if (mutated !== object) {
    object = objectOf(type, mutated)
    decode(type, object, { ...options, fieldValidation: 'Ignore' })
    object = keepRest(type, target, object, old)
  }
  if (!target.subresource) type.strategy.prepareUpdate?.(object, old)
  const errors = [
    ...ownerProblems(object),
    ...checkFinalizers(object, old),
    ...(type.strategy.validate?.(object, old) ?? []),
  ]
  if (errors.length > 0) throw invalid(type, target.name, errors)
  await context.admission.validate({ ...request, object }, options.warn)
  for (const warning of type.strategy.warnings?.(object) ?? []) options.warn(warning)
  if (!update.isApply && (old.metadata.managedFields || object.metadata.managedFields)) {
    const { trackUpdate } = await import('../apply/apply.ts')
    const { fieldManager } = options
    object = trackUpdate(type, old, object, { fieldManager, subresource: target.subresource })
  }
  return { object, isPinned }
}

/** True when the client named the version that it changes. */
function checkIdentity(
  type: ResourceType,
  target: Target,
  object: KubeObject,
  old: KubeObject,
  isPut: boolean,
): boolean {
  const { name, namespace, uid, resourceVersion } = object.metadata
  if (name && name !== target.name)
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${target.name})`)
  if (namespace && type.namespaced && namespace !== target.namespace)
    throw badRequest('the namespace of the object does not match the namespace on the URL')
  if (uid && uid !== old.metadata.uid)
    throw conflict(
      type,
      target.name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`,
    )
  if (!resourceVersion || resourceVersion === '0') {
    if (isPut && type.custom)
      throw invalid(type, target.name, [
        invalidValue('metadata.resourceVersion', 0, 'must be specified for an update'),
      ])
    return false
  }
  if (resourceVersion !== old.metadata.resourceVersion) throw conflict(type, target.name, STALE)
  return isPut
}

/** Metadata that no client changes. */
const SERVERS_OWN = [
  'uid',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'generation',
  'resourceVersion',
  'generateName',
] as const

/** What this path may not change is taken from the old object. */
function keepRest(type: ResourceType, target: Target, object: KubeObject, old: KubeObject): KubeObject {
  const fixed = {
    ...Object.fromEntries(SERVERS_OWN.map((field) => [field, old.metadata[field]])),
    name: target.name,
    ...(type.namespaced && { namespace: target.namespace! }),
  }
  if (target.subresource === 'status') {
    const { labels, annotations } = type.custom ? old.metadata : object.metadata
    const { managedFields } = object.metadata
    const metadata = { ...old.metadata, labels, annotations, managedFields, ...fixed }
    return { ...old, status: object.status, metadata }
  }
  const kept: KubeObject = { ...object, metadata: { ...object.metadata, ...fixed } }
  delete kept.metadata.selfLink
  if (type.hasStatus) kept.status = old.status
  return kept
}

function checkFinalizers(object: KubeObject, old: KubeObject) {
  if (!old.metadata.deletionTimestamp) return []
  const added = (object.metadata.finalizers ?? []).filter((name) => !old.metadata.finalizers?.includes(name))
  if (added.length === 0) return []
  return [
    forbiddenField(
      'metadata.finalizers',
      `no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map((name) => JSON.stringify(name)).join(', ')}}`,
    ),
  ]
}

function commit(
  context: Context,
  type: ResourceType,
  { object, converted, old }: Record<'object' | 'converted' | 'old', KubeObject>,
  target: Target,
  options: WriteOptions,
): KubeObject {
  const refused = target.subresource ? [] : (type.strategy.allocate?.(object, old) ?? [])
  if (refused.length > 0) throw invalid(type, target.name, refused)
  // A write that changes nothing is no write: no new version, no event.
  if (equal(object, old)) return old
  if (type.hasGeneration && !equal(wantedPart(type, object), wantedPart(type, old)))
    object.metadata.generation = (old.metadata.generation ?? 0) + 1
  if (options.dryRun) return object
  const { generation } = object.metadata
  const clean = clone({ ...converted, metadata: { ...converted.metadata, generation } })
  const stored = context.store.put(type.bucket, clean)
  if (clean.metadata.deletionTimestamp && !isHeld(clean))
    context.store.remove(type.bucket, target.namespace, target.name)
  return asWritten(type, object, stored)
}

/** What the user wants of the object: all but its metadata and, where that is written apart, its status. */
function wantedPart(type: ResourceType, object: KubeObject): unknown {
  const { metadata, apiVersion, kind, ...rest } = object
  if (type.hasStatus) delete rest.status
  return rest
}
