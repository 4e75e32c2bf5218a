import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { badRequest, notAcceptable } from '../errors.ts'
import { apiVersionOf, type ResourceType } from '../resource-type.ts'
import { type IncludeObject, tableOf } from '../tables/table.ts'
import { itemOf, jsonOf } from './reply.ts'

/** How the client wants to see objects: as they are, or as the rows of a Table. Objects are of the type's version. */
export interface Representation {
  one(type: ResourceType, object: KubeObject): string
  list(type: ResourceType, objects: KubeObject[], resourceVersion: string): string
  /** One watch event's object. The first of a watch carries a Table's headers. */
  event(type: ResourceType, object: KubeObject, isFirst: boolean): string
}

const plain: Representation = {
  one: (_, object) => jsonOf(object),
  list: (type, objects, resourceVersion) => {
    // Items of a built-in kind do not repeat it; those of custom ones do.
    const items = objects.map(type.custom ? jsonOf : itemOf)
    return `{"kind":${JSON.stringify(type.listKind)},"apiVersion":${JSON.stringify(apiVersionOf(type))},"metadata":{"resourceVersion":"${resourceVersion}"},"items":[${items.join(',')}]}`
  },
  event: (_, object) => jsonOf(object),
}

/** What clients that only look for names and labels ask for. */
const metadataAlone: Representation = {
  one: (_, object) => JSON.stringify(partial(object)),
  list: (_, objects, resourceVersion) =>
    JSON.stringify({
      kind: 'PartialObjectMetadataList',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { resourceVersion },
      items: objects.map(partial),
    }),
  event: (_, object) => JSON.stringify(partial(object)),
}

const partial = ({ metadata }: KubeObject) => ({
  kind: 'PartialObjectMetadata',
  apiVersion: 'meta.k8s.io/v1',
  metadata,
})

function table(include: IncludeObject): Representation {
  const rows = (type: ResourceType, objects: KubeObject[], headers: boolean, resourceVersion?: string) =>
    JSON.stringify(
      tableOf(type.table, objects, {
        include,
        headers,
        nowMs: Date.now(),
        ...(resourceVersion !== undefined && { resourceVersion }),
      }),
    )
  return {
    one: (type, object) => rows(type, [object], true, object.metadata.resourceVersion),
    list: (type, objects, resourceVersion) => rows(type, objects, true, resourceVersion),
    event: (type, object, isFirst) => rows(type, [object], isFirst, object.metadata.resourceVersion),
  }
}

/** Media types that clients may ask for besides application/json; JSON is among what they accept. */
const WILDCARDS = ['*/*', 'application/*']

/**
 * The first representation of the Accept header that this server has. Throws a 406 where it has none: it never answers in
 * protobuf, which clients of built-in kinds ask for beside JSON.
 */
export function representationFor(accept: string, includeObject: string | null): Representation {
  for (const part of accept.split(',')) {
    const [mediaType, ...parameters] = part.split(';').map((text) => text.trim())
    const values = new Map(parameters.map((parameter) => parameter.split('=') as [string, string]))
    if (WILDCARDS.includes(mediaType!)) return plain
    if (mediaType !== 'application/json') continue
    if (values.get('as') === undefined) return plain
    if (values.get('v') !== 'v1') continue
    if (values.get('as') === 'PartialObjectMetadata' || values.get('as') === 'PartialObjectMetadataList')
      return metadataAlone
    if (values.get('as') !== 'Table') continue
    const include = includeObject ?? 'Metadata'
    if (include !== 'None' && include !== 'Metadata' && include !== 'Object')
      throw badRequest(`unrecognized includeObject value: ${JSON.stringify(include)}`)
    return table(include)
  }
  throw notAcceptable(['application/json', 'application/json;as=Table;v=v1;g=meta.k8s.io'])
}
