import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import type { WriteOptions } from '../context.ts'
import { badRequest } from '../errors.ts'
import { isObject } from '../json.ts'
import { apiVersionOf, type ResourceType } from '../resource-type.ts'

/** The body as an object of this type; a body of another kind or version is a 400. The body itself is taken over. */
export function objectOf(type: ResourceType, body: unknown): KubeObject {
  if (!isObject(body))
    throw badRequest(`couldn't get version/kind; json parse error: the body is not an object`)
  const apiVersion = apiVersionOf(type)
  if ((body.apiVersion ?? apiVersion) !== apiVersion)
    throw badRequest(
      `the API version in the data (${body.apiVersion}) does not match the expected API version (${apiVersion})`,
    )
  if ((body.kind ?? type.kind) !== type.kind)
    throw badRequest(`the kind in the data (${body.kind}) does not match the expected kind (${type.kind})`)
  if (body.metadata !== undefined && body.metadata !== null && !isObject(body.metadata))
    throw badRequest(
      `${type.kind} in version "${type.version}" cannot be handled as a ${type.kind}: json: cannot unmarshal into Go struct field .metadata`,
    )
  return { ...body, apiVersion, kind: type.kind, metadata: { ...(body.metadata as KubeObject['metadata']) } }
}

/** Defaults and prunes, in place; what to do about unknown fields is the client's choice. */
export function decode(type: ResourceType, object: KubeObject, options: WriteOptions): void {
  const unknown = type.strategy.decode?.(object) ?? []
  if (unknown.length === 0 || options.fieldValidation === 'Ignore') return
  const found = unknown.map((path) => `unknown field "${path}"`)
  if (options.fieldValidation === 'Strict')
    throw badRequest(
      `${type.kind} in version "${type.version}" cannot be handled as a ${type.kind}: strict decoding error: ${found.join(', ')}`,
    )
  for (const warning of found) options.warn(warning)
}
