import type { ContainerPort, EnvVar, ServicePort, StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import { templateSuffix } from '../../runtime/hash.ts'
import {
  apiKeyName,
  configsName,
  cookieName,
  HASH,
  headlessName,
  ON_SERVING,
  type Role,
  roleLabels,
  roleName,
} from './names.ts'
import type { Emqx5, NodesSpec, NodesTemplate } from './types.ts'

/** Fields of the template that go to the container, and to the pod, as they are. */
const CONTAINER_FIELDS = [
  'command',
  'args',
  'envFrom',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
]
const POD_FIELDS = ['affinity', 'topologySpreadConstraints', 'nodeName', 'nodeSelector', 'initContainers']

const pick = (spec: NodesSpec, fields: string[]) =>
  Object.fromEntries(fields.flatMap((name) => (spec[name] === undefined ? [] : [[name, spec[name]]])))

/** A claim for the data of a core; an empty one, as the operator itself writes it, is none. */
export function claimOf({ volumeClaimTemplates: claim }: NodesSpec): Record<string, unknown> | undefined {
  if (claim === undefined) return undefined
  const { resources = {}, ...rest } = claim
  const isNone = Object.keys(rest).length === 0 && Object.keys(resources as object).length === 0
  return isNone ? undefined : { volumeMode: 'Filesystem', ...claim }
}

function volumes(cr: Emqx5, role: Role, spec: NodesSpec) {
  const { name } = cr.metadata
  const own = roleName(name, role)
  return [
    ...(claimOf(spec) ? [] : [{ name: `${own}-data`, emptyDir: {} }]),
    { name: 'bootstrap-api-key', secret: { secretName: apiKeyName(name) } },
    { name: 'bootstrap-config', configMap: { name: configsName(name) } },
    { name: `${own}-log`, emptyDir: {} },
    ...(spec.extraVolumes ?? []),
  ]
}

function mounts(cr: Emqx5, role: Role, spec: NodesSpec) {
  const own = roleName(cr.metadata.name, role)
  const file = (name: string, mountPath: string, subPath: string) => ({
    name,
    mountPath,
    subPath,
    readOnly: true,
  })
  return [
    file('bootstrap-api-key', '/opt/emqx/data/bootstrap_api_key', 'bootstrap_api_key'),
    file('bootstrap-config', '/opt/emqx/etc/emqx.conf', 'emqx.conf'),
    { name: `${own}-log`, mountPath: '/opt/emqx/log' },
    { name: `${own}-data`, mountPath: '/opt/emqx/data' },
    ...(spec.extraVolumeMounts ?? []),
  ]
}

/** The pod of a role: one EMQX container, with a readiness gate that only the operator sets. */
export function podSpec(cr: Emqx5, role: Role, spec: NodesSpec, dashboard: ServicePort[]) {
  const ports = containerPorts(spec, dashboard)
  const tolerations = [spec.tolerations ?? [], spec.toleRations ?? []].flat()
  const emqx = {
    ...pick(spec, CONTAINER_FIELDS),
    name: 'emqx',
    image: cr.spec.image,
    ...(cr.spec.imagePullPolicy && { imagePullPolicy: cr.spec.imagePullPolicy }),
    ports,
    // Go writes no requirements as an empty structure; so the operator's own write-back does not change the pods.
    resources: spec.resources ?? {},
    env: environment(cr, role, spec, ports),
    ...(spec.containerSecurityContext !== undefined && { securityContext: spec.containerSecurityContext }),
    volumeMounts: mounts(cr, role, spec),
  }
  return {
    ...pick(spec, POD_FIELDS),
    ...(tolerations.length > 0 && { tolerations }),
    ...(spec.podSecurityContext !== undefined && { securityContext: spec.podSecurityContext }),
    ...(cr.spec.imagePullSecrets && { imagePullSecrets: cr.spec.imagePullSecrets }),
    ...(cr.spec.serviceAccountName && { serviceAccountName: cr.spec.serviceAccountName }),
    readinessGates: [{ conditionType: ON_SERVING }],
    containers: [emqx, ...(spec.extraContainers ?? [])],
    volumes: volumes(cr, role, spec),
  }
}

const BIND: Record<string, string> = {
  dashboard: 'EMQX_DASHBOARD__LISTENERS__HTTP__BIND',
  'dashboard-https': 'EMQX_DASHBOARD__LISTENERS__HTTPS__BIND',
}

/** Ports of the template, then those of the dashboard with another name. */
function containerPorts({ ports = [] }: NodesSpec, dashboard: ServicePort[]): ContainerPort[] {
  const own = dashboard.filter(({ name }) => !ports.some((port) => port.name === name))
  return [...ports, ...own.map(({ name = '', port }) => ({ name, protocol: 'TCP', containerPort: port }))]
}

const field = (fieldPath: string) => ({ fieldRef: { fieldPath } })

/** A core is known by the name of its pod, a replicant by its address (docs/contract/operator.md#v2beta1-node-names). */
const HOST: Record<Role, EnvVar[]> = {
  core: [{ name: 'EMQX_HOST', value: '$(POD_NAME).$(EMQX_CLUSTER__DNS__NAME)' }],
  replicant: [{ name: 'EMQX_HOST', valueFrom: field('status.podIP') }],
}

/** EMQX's environment: what the operator decides, then what the template adds. */
function environment(cr: Emqx5, role: Role, spec: NodesSpec, ports: ContainerPort[]): EnvVar[] {
  const { name, namespace } = cr.metadata
  const binds = ports.flatMap((port) => {
    const variable = BIND[port.name ?? '']
    return variable === undefined ? [] : [{ name: variable, value: String(port.containerPort) }]
  })
  const domain = `${headlessName(name)}.${namespace}.svc.${cr.spec.clusterDomain}`
  return [
    ...binds.reverse(),
    { name: 'POD_NAME', valueFrom: field('metadata.name') },
    { name: 'EMQX_CLUSTER__DISCOVERY_STRATEGY', value: 'dns' },
    { name: 'EMQX_CLUSTER__DNS__RECORD_TYPE', value: 'srv' },
    { name: 'EMQX_CLUSTER__DNS__NAME', value: domain },
    ...HOST[role],
    { name: 'EMQX_NODE__DATA_DIR', value: 'data' },
    { name: 'EMQX_NODE__ROLE', value: role },
    {
      name: 'EMQX_NODE__COOKIE',
      valueFrom: { secretKeyRef: { name: cookieName(name), key: 'node_cookie' } },
    },
    { name: 'EMQX_API_KEY__BOOTSTRAP_FILE', value: '"/opt/emqx/data/bootstrap_api_key"' },
    ...(spec.env ?? []),
  ]
}

/** The set's revision, as its pods and the resource's status name it. */
export const revisionOf = (set: StatefulSet): string => set.metadata.labels?.[HASH] ?? ''

function core(cr: Emqx5, { spec }: NodesTemplate, labels: Record<string, string>) {
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
  cr: Emqx5,
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
