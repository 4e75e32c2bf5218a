import { isDeepStrictEqual } from 'node:util'
import { gunzipSync, gzipSync } from 'node:zlib'
import { unlessGone } from '#weir/cluster/kubernetes/api-errors.ts'

import {
  controlledBy,
  type Service,
  type ServicePort,
  type StatefulSet,
  type Strings,
  selectorOf,
} from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi, KubeObject, Resource } from '#weir/cluster/kubernetes/types.ts'

export const LAST_APPLIED = 'apps.emqx.io/last-applied'

/** The object as the operator last wrote it, to compare a later one with. */
function encodeLastApplied(object: KubeObject): string {
  return gzipSync(JSON.stringify(object)).toString('base64')
}

export function decodeLastApplied(object: KubeObject): KubeObject | undefined {
  const text = object.metadata.annotations?.[LAST_APPLIED]
  if (text === undefined) return undefined
  try {
    return JSON.parse(gunzipSync(Buffer.from(text, 'base64')).toString()) as KubeObject
  } catch {
    // Not the operator's own annotation: the object is written again.
    return undefined
  }
}

/** The owner of an object to create, and the API to create it with. */
export interface Maker {
  env: { kube: KubeApi }
  hooks?: { asWritten<T extends KubeObject>(object: T): T }
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

/** The object to write: owned by the resource, with itself in an annotation. */
export function written<T extends KubeObject>(pass: Maker, wanted: T): T {
  const annotations = { ...wanted.metadata.annotations, [LAST_APPLIED]: encodeLastApplied(wanted) }
  const metadata = { ...wanted.metadata, annotations, ownerReferences: [controlledBy(pass.cr, pass.cr)] }
  const object = { ...wanted, metadata }
  return pass.hooks?.asWritten(object) ?? object
}

/** The fields that only the API server or another controller decides are kept from what exists. */
function onto<T extends KubeObject>(existing: T, wanted: T): T {
  const { labels, ownerReferences } = wanted.metadata
  // Released operators keep every annotation that the object has (docs/contract/operator.md#v1beta4-service).
  const annotations = { ...existing.metadata.annotations, ...wanted.metadata.annotations }
  const metadata = { ...existing.metadata, annotations, labels, ownerReferences }
  if (wanted.kind === 'StatefulSet') {
    const { replicas, template } = (wanted as unknown as StatefulSet).spec
    return { ...existing, metadata, spec: { ...(existing.spec as object), replicas, template } }
  }
  if (wanted.kind === 'Service') {
    const before = (existing as unknown as Service).spec
    const { spec } = wanted as unknown as Service
    const keepsNodePorts = spec.type === 'NodePort' || spec.type === 'LoadBalancer'
    const ports = spec.ports?.map((port) => {
      const nodePort = before.ports?.find((one) => one.name === port.name)?.nodePort
      return port.nodePort === undefined && nodePort !== undefined && keepsNodePorts
        ? { ...port, nodePort }
        : port
    })
    const { clusterIP, clusterIPs } = before
    return { ...wanted, metadata, spec: { ...spec, clusterIP, clusterIPs, ports } }
  }
  return { ...wanted, metadata }
}

function differs(existing: KubeObject, wanted: KubeObject): boolean {
  const last = decodeLastApplied(existing)
  if (last === undefined || !isDeepStrictEqual(last, JSON.parse(JSON.stringify(wanted)))) return true
  if (wanted.kind !== 'StatefulSet' && wanted.kind !== 'ReplicaSet') return false
  // A set that was scaled by another client is scaled back.
  return (existing as StatefulSet).spec.replicas !== (wanted as StatefulSet).spec.replicas
}

/** Creates the object if it is missing, updates it if it differs. */
export async function createOrUpdate<T extends KubeObject>(
  pass: Maker,
  wanted: T,
): Promise<{ object: T; what: 'created' | 'updated' | 'unchanged' }> {
  const { kube } = pass.env
  const resource = resourceOf(wanted)
  const existing = await unlessGone(kube.get<T>(resource, wanted.metadata.namespace, wanted.metadata.name))
  if (existing === undefined)
    return { object: await kube.create(resource, written(pass, wanted)), what: 'created' }
  if (!differs(existing, wanted)) return { object: existing, what: 'unchanged' }
  return { object: await kube.replace(resource, onto(existing, written(pass, wanted))), what: 'updated' }
}

/** Creates an object unless it is there; true when it had to. */
export async function createMissing(pass: Maker, wanted: KubeObject): Promise<boolean> {
  const { kube } = pass.env
  const resource = resourceOf(wanted)
  if (await unlessGone(kube.get(resource, wanted.metadata.namespace, wanted.metadata.name))) return false
  await kube.create(resource, written(pass, wanted))
  return true
}

/** The objects beside the resource that carry all these labels. */
export async function labelled<T extends KubeObject>(
  { env, cr }: Maker,
  resource: Resource,
  labels: Strings | undefined,
): Promise<T[]> {
  const { namespace } = cr.metadata
  return (await env.kube.list<T>(resource, { namespace, labelSelector: selectorOf(labels) })).items
}

const KUBECTL_LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/** The resource's annotations without kubectl's note to itself. */
export function ownAnnotations(object: KubeObject): Record<string, string> {
  const { [KUBECTL_LAST_APPLIED]: _, ...rest } = object.metadata.annotations ?? {}
  return rest
}

/** A TCP port of a Service, the same on its pods. */
export const tcpPort = (name: string, port: number): ServicePort => ({
  name,
  protocol: 'TCP',
  port,
  targetPort: port,
})

/** Ports of the template first; of EMQX's listeners those whose name and number are not yet there. */
export function mergePorts(template: ServicePort[], listeners: ServicePort[]): ServicePort[] {
  const merged = [...template]
  for (const port of listeners)
    if (!merged.some((one) => one.name === port.name || one.port === port.port)) merged.push(port)
  return merged
}
