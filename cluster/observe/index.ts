import type { ReplicaSet, StatefulSet } from '../kubernetes/kinds.ts'
import type { KubeApi, KubeObject } from '../kubernetes/types.ts'
import type { ClusterObservation, Dialect } from '../types.ts'
import { EndpointMembers } from './endpoints.ts'
import { type Change, follow } from './follow.ts'
import { readPod } from './pods.ts'
import { rawObservation } from './raw.ts'
import { Refusals } from './refusals.ts'
import { customResource, parts } from './scope.ts'

export interface Observed {
  kube: KubeApi
  namespace: string
  name: string
  dialect: Dialect
  /** The Service that clients use; default: the one that the resource asks the operator for. */
  clientService?: string | undefined
}

/**
 * Watches everything that belongs to one custom resource and reports each change twice: raw, as evidence, and as an event that does not
 * depend on the dialect. Resolves after the first listing of everything.
 */
export async function observe(
  { kube, namespace, name, dialect, clientService }: Observed,
  tell: (observation: ClusterObservation) => void,
): Promise<{ stop(): Promise<void> }> {
  let resource: KubeObject | undefined
  let stopped = false
  const podOfIp = new Map<string, string>()
  const pods = new Map<string, KubeObject>()
  const members = new EndpointMembers((ip) => podOfIp.get(ip))
  const refusals = new Refusals(dialect.kind)
  const service = () => clientService ?? (resource ? dialect.listenersService(resource) : name)

  const tellPod = (pod: KubeObject, deleted: boolean) => {
    // Without the custom resource a pod's node name is unknown; such pods wait for its first listing.
    if (resource) tell(readPod(pod, dialect.nodeName(resource, pod) ?? '', dialect.role(pod), deleted))
  }
  const tellMembers = (ready: string[] | undefined) => {
    if (ready) tell({ type: 'endpoints', service: service(), ready })
  }

  const tellSet = (kind: 'StatefulSet' | 'ReplicaSet') => (object: KubeObject, deleted: boolean) => {
    tell(readSet({ kind, ...object }, deleted))
    refusals.set(kind, object, deleted).forEach(tell)
  }

  const take: Record<string, (object: KubeObject, deleted: boolean, change: Change) => void> = {
    StatefulSet: tellSet('StatefulSet'),
    ReplicaSet: tellSet('ReplicaSet'),
    Event(object, deleted, change) {
      if (!deleted) refusals.event(object, change === 'INITIAL').forEach(tell)
    },
    Pod(object, deleted) {
      const { podIP } = (object.status ?? {}) as { podIP?: string }
      if (podIP && !deleted) podOfIp.set(podIP, object.metadata.name)
      if (deleted) pods.delete(object.metadata.name)
      else pods.set(object.metadata.name, object)
      tellPod(object, deleted)
      tellMembers(members.changed())
    },
    EndpointSlice: (object, deleted) => tellMembers(members.take(object, deleted)),
    [dialect.kind](object, deleted) {
      const first = resource === undefined
      resource = object
      const version = dialect.version(object)
      const { cores, replicants } = dialect.sizes(object)
      tell({
        ...dialect.readStatus(object),
        wanted: cores + replicants,
        ...(version === undefined ? {} : { version }),
        ...(object.metadata.deletionTimestamp !== undefined && { deleting: true }),
        deleted,
      })
      if (first) for (const pod of pods.values()) tellPod(pod, false)
    },
  }

  const following = (kind: string) => (change: Change, object: KubeObject) => {
    if (stopped) return
    tell(rawObservation(kind, change, object))
    take[kind]?.(object, change === 'DELETED', change)
  }

  const start = (one: Parameters<typeof follow>[1]) => follow(kube, one, following(one.resource.kind), tell)
  const followed = [start(customResource(dialect, namespace, name))]
  const stop = async () => {
    for (const one of followed) one.stop()
    stopped = true
  }
  try {
    // The custom resource first: it names the Service, and the nodes of its pods.
    await followed[0]!.ready
    for (const part of parts(dialect, namespace, name, service)) followed.push(start(part))
    await Promise.all(followed.map(({ ready }) => ready))
  } catch (error) {
    await stop()
    throw error
  }
  return { stop }
}

/** A StatefulSet or ReplicaSet as an event. */
export function readSet(object: KubeObject, deleted: boolean): Extract<ClusterObservation, { type: 'set' }> {
  const { metadata, spec, status, kind } = object as KubeObject & Partial<StatefulSet | ReplicaSet>
  return {
    type: 'set',
    kind: kind === 'ReplicaSet' ? 'ReplicaSet' : 'StatefulSet',
    name: metadata.name,
    createdUnixMs: Date.parse(metadata.creationTimestamp ?? '') || 0,
    specReplicas: spec?.replicas ?? 1,
    replicas: status?.replicas ?? 0,
    readyReplicas: status?.readyReplicas ?? 0,
    deleted,
  }
}
