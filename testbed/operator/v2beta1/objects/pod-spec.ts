import type { ServicePort } from '#weir/cluster/kubernetes/kinds.ts'
import { apiKeyName, configsName, ON_SERVING, type Role, roleName } from '../names.ts'
import type { Emqx, NodesSpec } from '../types.ts'
import { containerPorts, environment } from './environment.ts'

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

function volumes(cr: Emqx, role: Role, spec: NodesSpec) {
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

function mounts(cr: Emqx, role: Role, spec: NodesSpec) {
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
export function podSpec(cr: Emqx, role: Role, spec: NodesSpec, dashboard: ServicePort[]) {
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
