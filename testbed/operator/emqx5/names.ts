import type { Pod, StatefulSet, Strings } from '#weir/cluster/kubernetes/kinds.ts'
import type { ObjectMeta } from '#weir/cluster/kubernetes/types.ts'
import type { Emqx5 } from './types.ts'

/** The host of an Erlang node name, without a port. */
export const nodeHost = (node: string): string => node.slice(node.indexOf('@') + 1).split(':')[0] ?? ''

/**
 * The name under which the operator requests a pod's node. For cores it assumes "emqx" and cluster.local, whatever the resource
 * specifies (docs/contract/operator.md#v2beta1-node-names).
 */
export function nodeNameOf(cr: Emqx5, role: Role, pod: Pod, set: StatefulSet): string {
  if (role === 'replicant') return `emqx@${pod.status?.podIP}`
  const service = (set.spec.serviceName as string | undefined) ?? headlessName(cr.metadata.name)
  return `emqx@${pod.metadata.name}.${service}.${cr.metadata.namespace}.svc.cluster.local`
}

export const ON_SERVING = 'apps.emqx.io/on-serving'
export const HASH = 'apps.emqx.io/pod-template-hash'
export const LAST_CONFIG = 'apps.emqx.io/last-emqx-configuration'
export const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost'
export const API_USER = 'emqx-operator-controller'

export type Role = 'core' | 'replicant'

export const cookieName = (cr: string) => `${cr}-node-cookie`
export const apiKeyName = (cr: string) => `${cr}-bootstrap-api-key`
export const configsName = (cr: string) => `${cr}-configs`
export const headlessName = (cr: string) => `${cr}-headless`
export const dashboardName = (cr: string) => `${cr}-dashboard`
export const listenersName = (cr: string) => `${cr}-listeners`
export const roleName = (cr: string, role: Role) => `${cr}-${role}`

/** Of everything that is made for a resource. */
export const labelsOf = (cr: Emqx5): Strings => ({
  'apps.emqx.io/instance': cr.metadata.name,
  'apps.emqx.io/managed-by': 'emqx-operator',
})

/** Of the sets and pods of a role, without what the template adds. */
export const roleLabels = (cr: Emqx5, role: Role): Strings => ({
  ...labelsOf(cr),
  'apps.emqx.io/db-role': role,
})

/** Replicants are wanted, and more than none. */
export const hasReplicants = (cr: Emqx5): boolean => (cr.spec.replicantTemplate?.spec.replicas ?? 0) > 0

/** Name and labels of something that the operator makes for a resource. */
export function metadataOf(cr: Emqx5, name: string, labels: Strings = {}, annotations?: Strings): ObjectMeta {
  return {
    name,
    namespace: cr.metadata.namespace ?? 'default',
    labels: { ...labelsOf(cr), ...cr.metadata.labels, ...labels },
    ...(annotations && { annotations }),
  }
}
