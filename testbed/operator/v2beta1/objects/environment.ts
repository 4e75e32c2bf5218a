import type { ContainerPort, EnvVar, ServicePort } from '#weir/cluster/kubernetes/kinds.ts'
import { cookieName, headlessName, type Role } from '../names.ts'
import type { Emqx, NodesSpec } from '../types.ts'

const BIND: Record<string, string> = {
  dashboard: 'EMQX_DASHBOARD__LISTENERS__HTTP__BIND',
  'dashboard-https': 'EMQX_DASHBOARD__LISTENERS__HTTPS__BIND',
}

/** Ports of the template, then those of the dashboard with another name. */
export function containerPorts({ ports = [] }: NodesSpec, dashboard: ServicePort[]): ContainerPort[] {
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
export function environment(cr: Emqx, role: Role, spec: NodesSpec, ports: ContainerPort[]): EnvVar[] {
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
