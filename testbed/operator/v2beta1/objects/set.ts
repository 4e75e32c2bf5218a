import type { ServicePort, StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import { templateSuffix } from '../../../runtime/hash.ts'
import { HASH, headlessName, type Role, roleLabels, roleName } from '../names.ts'
import type { Emqx, NodesTemplate } from '../types.ts'
import { claimOf, podSpec } from './pod-spec.ts'

/** The set's revision, as its pods and the resource's status name it. */
export const revisionOf = (set: StatefulSet): string => set.metadata.labels?.[HASH] ?? ''

function core(cr: Emqx, { spec }: NodesTemplate, labels: Record<string, string>) {
  const claim = claimOf(spec)
  const name = `${roleName(cr.metadata.name, 'core')}-data`
  return {
    serviceName: headlessName(cr.metadata.name),
    podManagementPolicy: 'Parallel',
    ...(claim && { volumeClaimTemplates: [{ metadata: { name, labels }, spec: claim }] }),
  }
}

/**
 * The set that the resource asks for: cores in a StatefulSet, replicants in a ReplicaSet. Its name ends in a hash of its
 * pods' template and of how often such a name was taken already.
 */
export function setFor(
  cr: Emqx,
  role: Role,
  template: NodesTemplate,
  dashboard: ServicePort[],
  collisions: number,
): StatefulSet {
  const { metadata, spec } = template
  const labels = { ...roleLabels(cr, role), ...metadata?.labels }
  const annotations = metadata?.annotations
  const pod = podSpec(cr, role, spec, dashboard)
  const hash = templateSuffix({ labels, annotations, pod }, collisions)
  const hashed = { ...labels, [HASH]: hash }
  return {
    apiVersion: 'apps/v1',
    kind: role === 'core' ? 'StatefulSet' : 'ReplicaSet',
    metadata: {
      name: `${roleName(cr.metadata.name, role)}-${hash}`,
      namespace: cr.metadata.namespace ?? 'default',
      labels: hashed,
      ...(annotations && { annotations }),
    },
    spec: {
      replicas: spec.replicas,
      ...(role === 'core' && core(cr, template, labels)),
      selector: { matchLabels: hashed },
      template: { metadata: { labels: hashed, ...(annotations && { annotations }) }, spec: pod },
    },
  }
}
