import { timestamp } from '#weir/cluster/kubernetes/kinds.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import type { Context } from '../context.ts'
import { conflict, forbidden, notFound } from '../errors.ts'
import { listAt } from '../json.ts'
import type { ResourceType } from '../resource-type.ts'
import { present } from './convert.ts'

export interface DeleteOptions {
  gracePeriodSeconds?: number
  propagationPolicy?: 'Background' | 'Foreground' | 'Orphan'
  orphanDependents?: boolean
  preconditions?: { uid?: string; resourceVersion?: string }
  dryRun?: boolean
}

export const ORPHAN = 'orphan'
export const FOREGROUND = 'foregroundDeletion'
const PROTECTED = ['default', 'kube-system']

/**
 * DELETE. An object that has a keeper (a kubelet, a finalizer) is only marked; `isGone` says whether it went at once.
 * Throws ApiError.
 */
export async function deleteObject(
  context: Context,
  type: ResourceType,
  namespace: string | undefined,
  name: string,
  options: DeleteOptions = {},
): Promise<{ object: KubeObject; isGone: boolean }> {
  const found = context.store.get(type.bucket, namespace, name)
  if (!found) throw notFound(type, name)
  if (type.bucket === '/namespaces' && PROTECTED.includes(name))
    throw forbidden(type, name, 'this namespace may not be deleted')
  const dryRun = options.dryRun === true
  const old = await present(context, type, found)
  await context.admission.validate({ operation: 'DELETE', type, old, dryRun }, () => {})
  const current = context.store.get(type.bucket, namespace, name)
  if (!current) throw notFound(type, name)
  checkPreconditions(type, current, options)
  if (dryRun) return { object: current, isGone: false }

  const graceSeconds = type.strategy.graceSeconds?.(current, options.gracePeriodSeconds)
  const finalizers = finalizersFor(current, options)
  const marked = mark(type, current, finalizers, graceSeconds)
  const stored = marked === current ? current : context.store.put(type.bucket, marked)
  if (isHeld(stored)) return { object: stored, isGone: false }
  return { object: context.store.remove(type.bucket, namespace, name) ?? stored, isGone: true }
}

function checkPreconditions(type: ResourceType, current: KubeObject, options: DeleteOptions): void {
  const { uid, resourceVersion } = options.preconditions ?? {}
  const { name } = current.metadata
  // A real server names the kind here, not the resource (registry/rest: BeforeDelete).
  const named = { ...type, plural: type.kind }
  if (uid !== undefined && uid !== current.metadata.uid)
    throw conflict(
      named,
      name,
      `the UID in the precondition (${uid}) does not match the UID in record (${current.metadata.uid}). The object might have been deleted and then recreated`,
    )
  if (resourceVersion !== undefined && resourceVersion !== current.metadata.resourceVersion)
    throw conflict(
      named,
      name,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${current.metadata.resourceVersion}). The object might have been modified`,
    )
}

/** The collector honours Foreground and Orphan through finalizers of its own. */
function finalizersFor(current: KubeObject, options: DeleteOptions): string[] {
  const kept = (current.metadata.finalizers ?? []).filter((each) => each !== ORPHAN && each !== FOREGROUND)
  const policy = options.propagationPolicy ?? (options.orphanDependents ? 'Orphan' : 'Background')
  if (policy === 'Orphan') return [...kept, ORPHAN]
  return policy === 'Foreground' ? [...kept, FOREGROUND] : kept
}

/**
 * The object as marked for deletion, or the same one when it goes at once without a word or is already marked so.
 * A later deletion may shorten the grace period, never lengthen it (rest.BeforeDelete).
 */
function mark(
  type: ResourceType,
  current: KubeObject,
  finalizers: string[],
  graceSeconds: number | undefined,
): KubeObject {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, generation } = current.metadata
  const metadataNow = { ...current.metadata, finalizers }
  if (graceSeconds === undefined && !isHeld({ ...current, metadata: metadataNow })) return current
  const seconds = graceSeconds ?? 0
  if (deletionTimestamp && seconds >= deletionGracePeriodSeconds) return current
  const isFirst = !deletionTimestamp
  const metadata = {
    ...current.metadata,
    deletionTimestamp: timestamp(Date.now() + seconds * 1000),
    deletionGracePeriodSeconds: seconds,
    ...(isFirst && generation !== undefined && { generation: generation + 1 }),
    ...(finalizers.length > 0 && { finalizers }),
  }
  const marked: KubeObject = { ...current, metadata }
  if (finalizers.length === 0) delete marked.metadata.finalizers
  if (type.bucket === '/namespaces') marked.status = { ...(current.status as object), phase: 'Terminating' }
  return marked
}

/**
 * Whether a deletion of this object must wait: for a finalizer, for its kubelet (a grace period that is not over), or,
 * for a namespace, until it is empty (its spec.finalizers).
 */
export function isHeld(object: KubeObject): boolean {
  const { finalizers = [], deletionGracePeriodSeconds = 0 } = object.metadata
  const inSpec = object.kind === 'Namespace' ? listAt(object, 'spec', 'finalizers') : []
  return finalizers.length > 0 || inSpec.length > 0 || deletionGracePeriodSeconds > 0
}
