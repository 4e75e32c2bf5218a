import type { Pod, StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import { headlessName, type Role } from './names.ts'
import type { Emqx } from './types.ts'

/** The host of an Erlang node name, without a port. */
export const nodeHost = (node: string): string => node.slice(node.indexOf('@') + 1).split(':')[0] ?? ''

/**
 * The name by which the operator asks after a pod's node. Of cores it takes "emqx" and cluster.local for granted, whatever
 * the resource says (docs/contract/operator.md#v2beta1-node-names).
 */
export function nodeNameOf(cr: Emqx, role: Role, pod: Pod, set: StatefulSet): string {
  if (role === 'replicant') return `emqx@${pod.status?.podIP}`
  const service = (set.spec.serviceName as string | undefined) ?? headlessName(cr.metadata.name)
  return `emqx@${pod.metadata.name}.${service}.${cr.metadata.namespace}.svc.cluster.local`
}
