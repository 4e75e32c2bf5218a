import type { Probe, ServicePort, StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import { templateSuffix } from '../../runtime/hash.ts'
import { HASH, headlessName, metadataOf, type Role, roleLabels, roleName } from '../emqx5/names.ts'
import { podSpec } from '../emqx5/pod-spec.ts'
import type { NodesSpec, NodesTemplate } from '../emqx5/types.ts'
import type { Emqx } from './types.ts'

/** A node that is evacuated leaves the Service with the next look: this is all that leads clients away from it. */
const UNLESS_EVACUATED: Probe = {
  httpGet: { path: '/api/v5/load_rebalance/availability_check', port: 'dashboard' },
  initialDelaySeconds: 10,
  timeoutSeconds: 3,
  periodSeconds: 5,
  failureThreshold: 1,
  successThreshold: 1,
}

/** The template's own probe, unless it is the one that earlier versions of the resource had. */
function readinessProbe({ readinessProbe: own }: NodesSpec): Probe {
  const path = (own as Probe | undefined)?.httpGet?.path
  return path === undefined || path === '/status' ? UNLESS_EVACUATED : (own as Probe)
}

/** What a claim has unless the template says otherwise. */
const CLAIM = {
  accessModes: ['ReadWriteOnce'],
  resources: { requests: { storage: '500Mi' } },
  volumeMode: 'Filesystem',
}

function pods(cr: Emqx, role: Role, { metadata, spec }: NodesTemplate, dashboard: ServicePort[]) {
  const labels = { ...roleLabels(cr, role), ...metadata?.labels }
  const annotations = metadata?.annotations
  const claim = role === 'core' && { volumeClaimTemplates: CLAIM }
  const nodes = { ...spec, ...claim, readinessProbe: readinessProbe(spec) }
  const { readinessGates: _, ...pod } = podSpec(cr, role, nodes, dashboard)
  return { labels, annotations, pod }
}

/** The one set of cores. Its pods change only when they are deleted. */
export function coreSet(cr: Emqx, dashboard: ServicePort[]): StatefulSet {
  const { coreTemplate } = cr.spec
  const { replicas, minReadySeconds, persistentVolumeClaimSpec } = coreTemplate.spec
  const { labels, annotations, pod } = pods(cr, 'core', coreTemplate, dashboard)
  const name = roleName(cr.metadata.name, 'core')
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { ...metadataOf(cr, name), labels, ...(annotations && { annotations }) },
    spec: {
      replicas,
      ...(minReadySeconds !== undefined && { minReadySeconds }),
      serviceName: headlessName(cr.metadata.name),
      podManagementPolicy: 'Parallel',
      updateStrategy: { type: 'OnDelete' },
      persistentVolumeClaimRetentionPolicy: { whenScaled: 'Delete', whenDeleted: 'Delete' },
      selector: { matchLabels: labels },
      template: { metadata: { labels, ...(annotations && { annotations }) }, spec: pod },
      volumeClaimTemplates: [
        { metadata: { name: `${name}-data`, labels }, spec: { ...CLAIM, ...persistentVolumeClaimSpec } },
      ],
    },
  }
}

/** A set of replicants, named by a hash of its pods' template and of how often that name was taken already. */
export function newReplicantSet(
  cr: Emqx,
  template: NodesTemplate,
  dashboard: ServicePort[],
  { replicas, collisions }: { replicas: number; collisions: number },
): StatefulSet {
  const { labels, annotations, pod } = pods(cr, 'replicant', template, dashboard)
  const hash = templateSuffix({ labels, annotations, pod }, collisions)
  const hashed = { ...labels, [HASH]: hash }
  const name = `${roleName(cr.metadata.name, 'replicant')}-${hash}`
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { ...metadataOf(cr, name), labels: hashed, ...(annotations && { annotations }) },
    spec: {
      replicas,
      selector: { matchLabels: hashed },
      template: { metadata: { labels: hashed, ...(annotations && { annotations }) }, spec: pod },
    },
  }
}
