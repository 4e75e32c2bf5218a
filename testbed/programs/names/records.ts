import { type EndpointSlice, keyOf, type Service } from '#weir/cluster/kubernetes/kinds.ts'

const SERVICE_LABEL = 'kubernetes.io/service-name'
export const DOMAIN = 'svc.cluster.local'

/** A name that leads to an address. */
export interface AddressRecord {
  /** Of a Service, or of a pod behind a headless one: without the domain, e.g. "emqx-0.emqx-headless.default". */
  name: string
  namespace: string
  ip: string
}

/** A port of a Service, and the name of what serves it. */
export interface ServiceRecord {
  /** e.g. "emqx-headless.default", and once more as "_mqtt._tcp.emqx-headless.default". */
  name: string
  port: number
  target: string
}

/** The records of a cluster's DNS, as Kubernetes specifies them ("DNS for Services and Pods"). */
export function recordsOf(
  services: readonly Service[],
  slices: readonly EndpointSlice[],
): { addresses: AddressRecord[]; ports: ServiceRecord[] } {
  const addresses: AddressRecord[] = []
  const ports: ServiceRecord[] = []
  for (const service of services) {
    const { clusterIP } = service.spec
    const { name: short, namespace = 'default' } = service.metadata
    const name = `${short}.${namespace}`
    if (clusterIP !== undefined && clusterIP !== '' && clusterIP !== 'None') {
      addresses.push({ name, namespace, ip: clusterIP })
      for (const port of service.spec.ports ?? []) ports.push(...portRecords(name, port, port.port, name))
      continue
    }
    const own = slices.filter(
      ({ metadata }) => `${metadata.namespace}/${metadata.labels?.[SERVICE_LABEL]}` === keyOf(service),
    )
    for (const { endpoints, ports: served } of own)
      for (const { addresses: ips, hostname, conditions } of endpoints ?? []) {
        if (conditions?.ready === false) continue
        for (const ip of ips) {
          const target = `${hostname ?? ip.replaceAll('.', '-')}.${name}`
          addresses.push({ name, namespace, ip }, { name: target, namespace, ip })
          for (const port of served ?? []) ports.push(...portRecords(name, port, port.port ?? 0, target))
        }
      }
  }
  return { addresses, ports }
}

function portRecords(
  service: string,
  { name = '', protocol = 'TCP' }: { name?: string; protocol?: string },
  port: number,
  target: string,
): ServiceRecord[] {
  const records = [{ name: service, port, target }]
  if (name !== '') records.push({ name: `_${name}._${protocol.toLowerCase()}.${service}`, port, target })
  return records
}
