import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { applyTo } from '../apply/apply.ts'
import type { Context, WriteOptions } from '../context.ts'
import { ApiError, badRequest, conflict, notFound } from '../errors.ts'
import { isObject } from '../json.ts'
import { apiVersionOf, type ResourceType } from '../resource-type.ts'
import { createObject } from './create.ts'
import { objectOf } from './decode.ts'
import { type Target, updateObject } from './update.ts'

/**
 * PATCH with application/apply-patch+yaml: applies a configuration for a manager (Kubernetes "Server-Side Apply"). Creates
 * the object when there is none; `isNew` says so. Throws ApiError, a 409 with each field that another manager owns.
 */
export async function applyObject(
  context: Context,
  type: ResourceType,
  target: Target,
  body: unknown,
  force: boolean,
  options: WriteOptions,
): Promise<{ object: KubeObject; isNew: boolean }> {
  const config = configOf(type, target, body)
  const { subresource } = target
  const applier = { fieldManager: options.fieldManager, force, subresource }
  for (;;) {
    if (context.store.get(type.bucket, target.namespace, target.name)) {
      const change = (current: KubeObject) => applyTo(type, current, config, applier)
      const object = await updateObject(context, type, target, { change, isApply: true }, options)
      return { object, isNew: false }
    }
    if (subresource) throw notFound(type, target.name)
    if (config.metadata.uid)
      throw conflict(
        type,
        target.name,
        'uid mismatch: the provided object specified uid, and no existing object was found',
      )
    try {
      const made = applyTo(type, undefined, config, applier)
      return { object: await createObject(context, type, target.namespace, made, options), isNew: true }
    } catch (error) {
      // Another was faster: what it made is applied to.
      if (!(error instanceof ApiError) || error.status.reason !== 'AlreadyExists') throw error
    }
  }
}

function configOf(type: ResourceType, target: Target, body: unknown): KubeObject {
  if (!isObject(body)) throw badRequest('error decoding YAML: the patch is not an object')
  const expected = apiVersionOf(type)
  if (body.apiVersion !== expected)
    throw badRequest(
      `Incorrect version specified in apply patch. Specified patch version: ${body.apiVersion ?? ''}, expected: ${expected}`,
    )
  const config = objectOf(type, body)
  if (config.metadata.managedFields !== undefined && config.metadata.managedFields !== null)
    throw badRequest('metadata.managedFields must be nil')
  const { name = target.name } = config.metadata
  if (name !== target.name)
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${target.name})`)
  const namespace = type.namespaced ? { namespace: target.namespace } : {}
  return { ...config, metadata: { ...config.metadata, name, ...namespace } }
}
