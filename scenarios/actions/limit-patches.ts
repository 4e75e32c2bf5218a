import type { Cluster, GivenLicence, NoLimitChange } from '#weir/cluster/index.ts'
import type { KubeObject, Resource } from '#weir/cluster/kubernetes/types.ts'
import type { Step } from '../types.ts'
import { mergedPatches } from './merged-patches.ts'

/** A merge patch of one object. */
export interface Patch {
  resource: Resource
  name: string
  patch: unknown
  /** What of it may be shown. */
  shown: unknown
}

/**
 * What is written for another number of connections, in this order: where the number is, and the annotations of the Service by its template in
 * the resource. One patch where both are in the resource: it is changed once. Pure.
 */
export function limitPatches(
  dialect: Cluster['dialect'],
  resource: KubeObject,
  { most, annotations }: Pick<Extract<Step, { action: 'connections' }>, 'most' | 'annotations'>,
  licence: GivenLicence | undefined,
): Patch[] | NoLimitChange {
  const limit = dialect.limitChange(resource, most, licence)
  if ('rule' in limit) return limit
  if (annotations === undefined || Object.keys(annotations).length === 0) return [limit]
  const patch = dialect.serviceAnnotationsPatch(annotations)
  if (limit.resource.kind !== dialect.kind)
    return [limit, { resource: dialect.resource, name: resource.metadata.name, patch, shown: patch }]
  return [{ ...limit, patch: mergedPatches(limit.patch, patch), shown: mergedPatches(limit.shown, patch) }]
}
