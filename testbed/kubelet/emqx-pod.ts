import type { Container, Pod } from '#weir/cluster/kubernetes/kinds.ts'
import type { Role, StartNodeOptions } from '../emqx/index.ts'
import { podField } from './pod-field.ts'

const INSTANCE_LABEL = 'apps.emqx.io/instance'
const HASH_LABEL = 'apps.emqx.io/pod-template-hash'

/** What an EMQX container knows of itself: its environment and its pod. */
export interface EmqxContainer {
  pod: Pod
  env: ReadonlyMap<string, string>
}

/**
 * The Erlang node name of an EMQX container: EMQX_NODE__NAME or EMQX_NODE_NAME in full, else a name before the host. The
 * host is EMQX_HOST (5.x: a core's DNS name, a replicant's address), else the pod's name in its headless Service; the name
 * is EMQX_NAME, else `emqx` where the host is given, else the instance label.
 */
export function nodeNameOf({ pod, env }: EmqxContainer): string {
  const full = env.get('EMQX_NODE__NAME') ?? env.get('EMQX_NODE_NAME')
  if (full?.includes('@')) return full
  const { name, namespace = 'default', labels } = pod.metadata
  const given = env.get('EMQX_NAME') ?? full
  const host = env.get('EMQX_HOST')
  if (host !== undefined) return `${given ?? 'emqx'}@${host}`
  const prefix = given ?? labels?.[INSTANCE_LABEL] ?? 'emqx'
  const hostname = pod.spec.hostname ?? name
  const domain =
    env.get('EMQX_CLUSTER__DNS__NAME') ??
    (pod.spec.subdomain === undefined ? undefined : `${pod.spec.subdomain}.${namespace}.svc.cluster.local`)
  return domain === undefined ? `${prefix}@${hostname}` : `${prefix}@${hostname}.${domain}`
}

/** Nodes that find each other through one discovery name form one EMQX cluster. */
export function clusterKeyOf({ pod, env }: EmqxContainer): string {
  const { namespace = 'default', labels, name } = pod.metadata
  const discovery = env.get('EMQX_CLUSTER__DNS__NAME')
  return discovery ?? `${namespace}/${labels?.[INSTANCE_LABEL] ?? pod.spec.subdomain ?? name}`
}

export function roleOf({ env }: EmqxContainer): Role {
  return env.get('EMQX_NODE__ROLE') === 'replicant' ? 'replicant' : 'core'
}

/** The set that made the pod: its controller's name; else the pod's name without the part that is its own. */
export function setNameOf({ pod }: EmqxContainer): string {
  const { name, labels, ownerReferences } = pod.metadata
  const owner = ownerReferences?.find(({ controller }) => controller === true)
  return owner?.name ?? labels?.[HASH_LABEL] ?? name.replace(/-[^-]+$/, '')
}

/** A testbed's own variable: how many sessions the licence admits (EMQX 5). Undefined when it is not a whole number. */
function maxSessionsOf({ env }: EmqxContainer): number | undefined {
  const text = env.get('WEIR_LICENSE_MAX')
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined
}

/** What its node stores is as old as this: a volume outlives its pod, and anything else goes with it. */
function storageOf({ metadata: { namespace = 'default', name, uid }, spec }: Pod): string {
  const claims = (spec.volumes ?? []).flatMap(
    (volume) => (volume.persistentVolumeClaim as { claimName?: string } | undefined)?.claimName ?? [],
  )
  return claims.length > 0 ? `${namespace}/${claims.join()}` : (uid ?? name)
}

/** The identity of a container's node, from its pod and environment. */
export function identityOf(emqx: EmqxContainer): Omit<StartNodeOptions, 'ip' | 'version'> {
  const maxSessions = maxSessionsOf(emqx)
  return {
    nodeName: nodeNameOf(emqx),
    podName: emqx.pod.metadata.name,
    podUid: storageOf(emqx.pod),
    setName: setNameOf(emqx),
    role: roleOf(emqx),
    clusterKey: clusterKeyOf(emqx),
    ...(maxSessions !== undefined && { maxSessions }),
  }
}

/**
 * The variables of a container as its process sees them: values with `$(NAME)` of variables above them put in, and those of
 * the pod's own fields. Empty ones are left out, and so are those from Secrets and ConfigMaps, which the emulation does not need.
 */
export function environmentOf(pod: Pod, container: Container, podIp: string): Map<string, string> {
  const values = new Map<string, string>()
  for (const { name, value, valueFrom } of container.env ?? []) {
    const given = value ?? podField(pod, podIp, valueFrom?.fieldRef?.fieldPath)
    if (given === undefined || given === '') continue
    values.set(
      name,
      given.replace(/\$\(([^)]+)\)/g, (reference, wanted: string) => values.get(wanted) ?? reference),
    )
  }
  return values
}
