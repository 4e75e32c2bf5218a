import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { badRequest } from '../errors.ts'
import { at, isObject, type JsonObject, objectIn } from '../json.ts'
import type { ResourceType } from '../resource-type.ts'
import { labelsText } from '../tables/services.ts'

const keys = (path: string) => path.replace(/^\./, '').split('.')

/** The autoscaling/v1 Scale of an object whose type has a scale subresource. */
export function scaleOf(type: ResourceType, object: KubeObject): KubeObject {
  const paths = type.scale!
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata
  const labels = at(object, 'spec', 'selector', 'matchLabels')
  const selector = paths.labelSelectorPath
    ? at(object, ...keys(paths.labelSelectorPath))
    : isObject(labels) && !type.custom
      ? labelsText(labels)
      : undefined
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: at(object, ...keys(paths.specReplicasPath)) ?? 0 },
    status: {
      replicas: at(object, ...keys(paths.statusReplicasPath)) ?? 0,
      ...(selector !== undefined && { selector }),
    },
  }
}

/** Writes a Scale's replicas into the object, in place, and takes over the version that the Scale was read at. */
export function applyScale(type: ResourceType, object: KubeObject, scale: unknown): KubeObject {
  const replicas = at(scale, 'spec', 'replicas') ?? 0
  if (typeof replicas !== 'number' || !Number.isInteger(replicas))
    throw badRequest('Scale in version "v1" cannot be handled as a Scale: spec.replicas must be an integer')
  const path = keys(type.scale!.specReplicasPath)
  let parent: JsonObject = object
  for (const key of path.slice(0, -1)) parent = objectIn(parent, key)
  parent[path.at(-1)!] = replicas
  const version = at(scale, 'metadata', 'resourceVersion')
  if (typeof version === 'string') object.metadata.resourceVersion = version
  return object
}
