import { isDeepStrictEqual } from 'node:util'
import { isNotFound } from '#weir/cluster/kubernetes/api-errors.ts'
import type { Service, StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi, KubeObject, Resource } from '#weir/cluster/kubernetes/types.ts'
import { ownerReference } from './ownership.ts'
import { decodeLastApplied, encodeLastApplied, LAST_APPLIED } from './runtime/last-applied.ts'

/** For whom something is made, and where. */
export interface Maker {
  env: { kube: KubeApi }
  cr: KubeObject
}

const KINDS: Record<string, Resource> = {
  ConfigMap: resources.configMaps,
  EmqxPlugin: resources.emqxPlugins,
  Endpoints: resources.endpoints,
  PodDisruptionBudget: resources.podDisruptionBudgets,
  ReplicaSet: resources.replicaSets,
  Secret: resources.secrets,
  Service: resources.services,
  StatefulSet: resources.statefulSets,
}

function resourceOf(object: KubeObject): Resource {
  const resource = KINDS[object.kind ?? '']
  if (resource === undefined) throw new Error(`the operator makes no ${object.kind}`)
  return resource
}

/** What the operator writes: the wish, owned by the resource, with the wish itself in an annotation. */
export function written<T extends KubeObject>(pass: Maker, wish: T): T {
  const annotations = { ...wish.metadata.annotations, [LAST_APPLIED]: encodeLastApplied(wish) }
  return {
    ...wish,
    metadata: { ...wish.metadata, annotations, ownerReferences: [ownerReference(pass.cr)] },
  }
}

/** The fields that only the API server or another controller decides are kept from what exists. */
function onto<T extends KubeObject>(existing: T, wish: T): T {
  const { annotations, labels, ownerReferences } = wish.metadata
  const metadata = { ...existing.metadata, annotations, labels, ownerReferences }
  if (wish.kind === 'StatefulSet') {
    const { replicas, template } = (wish as unknown as StatefulSet).spec
    return { ...existing, metadata, spec: { ...(existing.spec as object), replicas, template } }
  }
  if (wish.kind === 'Service') {
    const before = (existing as unknown as Service).spec
    const { spec } = wish as unknown as Service
    const keepsNodePorts = spec.type === 'NodePort' || spec.type === 'LoadBalancer'
    const ports = spec.ports?.map((port) => {
      const nodePort = before.ports?.find((one) => one.name === port.name)?.nodePort
      return port.nodePort === undefined && nodePort !== undefined && keepsNodePorts
        ? { ...port, nodePort }
        : port
    })
    const { clusterIP, clusterIPs } = before
    return { ...wish, metadata, spec: { ...spec, clusterIP, clusterIPs, ports } }
  }
  return { ...wish, metadata }
}

function differs(existing: KubeObject, wish: KubeObject): boolean {
  const last = decodeLastApplied(existing)
  if (last === undefined || !isDeepStrictEqual(last, JSON.parse(JSON.stringify(wish)))) return true
  if (wish.kind !== 'StatefulSet' && wish.kind !== 'ReplicaSet') return false
  // A set that was scaled behind the operator's back is scaled again.
  return (existing as StatefulSet).spec.replicas !== (wish as StatefulSet).spec.replicas
}

/** Creates what is missing and updates what differs from the wish; says which of it happened. */
export async function createOrUpdate<T extends KubeObject>(
  pass: Maker,
  wish: T,
): Promise<{ object: T; what: 'created' | 'updated' | 'unchanged' }> {
  const { kube } = pass.env
  const resource = resourceOf(wish)
  let existing: T
  try {
    existing = await kube.get<T>(resource, wish.metadata.namespace, wish.metadata.name)
  } catch (error) {
    if (!isNotFound(error)) throw error
    return { object: await kube.create(resource, written(pass, wish)), what: 'created' }
  }
  if (!differs(existing, wish)) return { object: existing, what: 'unchanged' }
  return { object: await kube.replace(resource, onto(existing, written(pass, wish))), what: 'updated' }
}

/** Creates an object unless it is there; true when it had to. */
export async function createMissing(pass: Maker, wish: KubeObject): Promise<boolean> {
  const resource = resourceOf(wish)
  try {
    await pass.env.kube.get(resource, wish.metadata.namespace, wish.metadata.name)
    return false
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
  await pass.env.kube.create(resource, written(pass, wish))
  return true
}
