import type { Catalogue } from '../catalogue.ts'
import type { ResourceType } from '../resource-type.ts'

/** A path of the API that names a resource. */
export interface ResourceRoute {
  type: ResourceType
  namespace: string | undefined
  name: string | undefined
  subresource: string | undefined
  /** What follows the subresource, for `proxy`. */
  rest: string
}

/**
 * `/api/v1/…` and `/apis/<group>/<version>/…`, then `[namespaces/<namespace>/]<plural>[/<name>[/<subresource>]]`.
 * undefined when nothing is served there. A namespaced resource without a namespace means all namespaces.
 */
export function routeOf(path: string, catalogue: Catalogue): ResourceRoute | undefined {
  const parts = partsOf(path)
  if (parts.at(-1) === '') parts.pop()
  const isCore = parts[0] === 'api'
  if (!isCore && parts[0] !== 'apis') return undefined
  const [group, version] = isCore ? ['', parts[1]] : [parts[1], parts[2]]
  const tail = parts.slice(isCore ? 2 : 3)
  if (group === undefined || version === undefined || tail.length === 0) return undefined
  const isInNamespace = tail[0] === 'namespaces' && tail.length > 2 && !NAMESPACE_PARTS.includes(tail[2]!)
  const namespace = isInNamespace ? tail[1] : undefined
  const [plural, name, subresource, ...rest] = isInNamespace ? tail.slice(2) : tail
  const type = catalogue.find(group, version, plural!)
  if (!type || (namespace !== undefined && !type.namespaced)) return undefined
  if (name !== undefined && type.namespaced && namespace === undefined) return undefined
  return { type, namespace, name, subresource, rest: rest.join('/') }
}

/** The path's parts, decoded; none when they cannot be. */
function partsOf(path: string): string[] {
  try {
    return path.split('/').slice(1).map(decodeURIComponent)
  } catch {
    return []
  }
}

/** Subresources of a namespace itself. */
const NAMESPACE_PARTS = ['status', 'finalize']
