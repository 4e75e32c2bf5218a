import { mergePorts, ownAnnotations, tcpPort } from '../../apply.ts'
import type { LineSwitches } from '../../lines.ts'
import { API_PORT, dataName, headlessName, INSTANCE, MANAGED_BY } from '../names.ts'
import type { EmqxEnterprise } from '../types.ts'

const DEFAULT_ACL = [
  '{allow, {user, "dashboard"}, subscribe, ["$SYS/#"]}.',
  '{allow, {ipaddr, "127.0.0.1"}, pubsub, ["$SYS/#", "#"]}.',
  '{deny, all, subscribe, ["$SYS/#", {eq, "#"}]}.',
  '{allow, all}.',
]

const MANAGEMENT_PORT = tcpPort('http-management-8081', API_PORT)
const DASHBOARD_PORT = tcpPort('http-dashboard-18083', 18083)

/** An empty map is left out, as in the operator's own types. */
const unlessEmpty = <K extends string>(key: K, value: Record<string, string>) =>
  Object.keys(value).length > 0 ? { [key]: value } : {}

function defaultConfig(cr: EmqxEnterprise): Record<string, string> {
  const { name, namespace = 'default' } = cr.metadata
  return {
    name,
    'log.to': 'console',
    'cluster.discovery': 'dns',
    'cluster.dns.type': 'srv',
    'cluster.dns.app': name,
    'cluster.dns.name': `${headlessName(name)}.${namespace}.svc.${cr.spec.clusterDomain ?? 'cluster.local'}`,
    'listener.tcp.internal': '',
  }
}

function containerPorts(cr: EmqxEnterprise, line: LineSwitches) {
  const { ports = [] } = cr.spec.template.spec.emqxContainer
  const has = (name: string, port: number) =>
    ports.some((one) => one.name === name || one.containerPort === port)
  if (!line.namesAllPorts) return ports
  return [
    ...ports,
    ...(has('management', API_PORT)
      ? []
      : [{ name: 'management', containerPort: API_PORT, protocol: 'TCP' }]),
    ...(has('dashboard', 18083) ? [] : [{ name: 'dashboard', containerPort: 18083, protocol: 'TCP' }]),
  ]
}

/** The resource with the operator's defaults, on every create and update. Keys that exist are never overwritten. */
export function withDefaults(original: EmqxEnterprise, line: LineSwitches): EmqxEnterprise {
  const cr = structuredClone(original)
  const { name, namespace = 'default' } = cr.metadata
  const labels = { ...cr.metadata.labels, [MANAGED_BY]: 'emqx-operator', [INSTANCE]: name }
  const annotations = ownAnnotations(cr)
  cr.metadata.labels = labels
  cr.spec.license ??= {}

  const { template } = cr.spec
  const metadata = template.metadata ?? {}
  template.metadata = {
    ...metadata,
    labels: { ...labels, ...metadata.labels },
    ...unlessEmpty('annotations', { ...annotations, ...metadata.annotations }),
  }
  const container = template.spec.emqxContainer
  if (container.image) container.image.repository ||= 'emqx/emqx-ee'
  if (!container.emqxACL?.length) container.emqxACL = [...DEFAULT_ACL]
  container.emqxConfig = { ...defaultConfig(cr), ...container.emqxConfig }
  container.resources ??= {}
  if (line.definition === '2.1') {
    container.terminationMessagePath ??= '/dev/termination-log'
    container.terminationMessagePolicy ??= 'File'
  }
  const ports = containerPorts(cr, line)
  if (ports.length > 0) container.ports = ports

  const service = cr.spec.serviceTemplate ?? {}
  cr.spec.serviceTemplate = {
    metadata: {
      ...service.metadata,
      name: service.metadata?.name ?? name,
      namespace: service.metadata?.namespace ?? namespace,
      labels: { ...labels, ...service.metadata?.labels },
      ...unlessEmpty('annotations', { ...annotations, ...service.metadata?.annotations }),
    },
    spec: {
      ...service.spec,
      selector: labels,
      ports: mergePorts(service.spec?.ports ?? [], [
        MANAGEMENT_PORT,
        ...(line.namesAllPorts ? [DASHBOARD_PORT] : []),
      ]),
    },
  }
  const { persistent } = cr.spec
  if (persistent && !persistent.metadata?.name)
    persistent.metadata = { ...persistent.metadata, name: dataName(name) }
  return cr
}
