import {
  addressesOf,
  MANAGEMENT_PORTS,
  MQTT_LISTENERS,
  MQTT_PORTS,
  type MqttListener,
  type ServiceAddress,
} from '#weir/facts/index.ts'
import type { Service, ServicePort } from '../kubernetes/kinds.ts'
import { listenerOf } from './listeners.ts'

/** An address of a cluster that somebody could try. */
export interface TriedAddress {
  kind: ServiceAddress['kind']
  host: string
  port: number
  /** The Service that names the port; left out where none of the cluster's does. */
  service?: string
  /** Name of that port. */
  name?: string
  /** What EMQX is expected to have there. */
  what: MqttListener | 'management'
}

/** More nodes show no more. */
const NODES_TRIED = 4

/** Some nodes at their addresses inside, and some at those outside, which come last. */
const someOf = (nodeIps: readonly string[]): readonly string[] =>
  nodeIps.length > 2 * NODES_TRIED
    ? [...nodeIps.slice(0, NODES_TRIED), ...nodeIps.slice(-NODES_TRIED)]
    : nodeIps

/**
 * Every address outside the cluster that its Services name, and on their load balancers also the usual ports of EMQX, which are open only where
 * somebody names them. A node's other ports are its own.
 */
export function outsideAddresses(services: readonly Service[], nodeIps: readonly string[]): TriedAddress[] {
  const named = services.flatMap((service) => triedOf(service, someOf(nodeIps)))
  const outside = named.filter(({ kind }) => kind !== 'cluster-ip')
  const hosts = new Set(outside.flatMap(({ kind, host }) => (kind === 'load-balancer' ? [host] : [])))
  const usual = [...hosts].flatMap((host): TriedAddress[] => [
    ...MQTT_LISTENERS.map((what) => ({ kind: 'load-balancer' as const, host, port: MQTT_PORTS[what], what })),
    ...MANAGEMENT_PORTS.map((port) => ({
      kind: 'load-balancer' as const,
      host,
      port,
      what: 'management' as const,
    })),
  ])
  const found = new Map<string, TriedAddress>()
  for (const one of [...outside, ...usual]) {
    const key = `${one.host}:${one.port}`
    if (!found.has(key)) found.set(key, one)
  }
  return [...found.values()]
}

/** The addresses inside the cluster of one Service's MQTT listeners. */
export const insideAddresses = (service: Service): TriedAddress[] =>
  triedOf(service, []).filter(({ kind, what }) => kind === 'cluster-ip' && what !== 'management')

/** The addresses of a Service that have a host, as far as EMQX is there. */
function triedOf(service: Service, nodeIps: readonly string[]): TriedAddress[] {
  const { name } = service.metadata
  const ports = new Map((service.spec.ports ?? []).map((port) => [port.name ?? '', port]))
  // A Service has ports at nodes of its own families alone.
  const families = service.spec.ipFamilies ?? ['IPv4']
  const nodes = nodeIps.filter((ip) => families.includes(ip.includes(':') ? 'IPv6' : 'IPv4'))
  return addressesOf(service, nodes).flatMap(({ name: portName, host, ...address }) => {
    const what = whatIsAt(ports.get(portName)!)
    if (host === undefined || what === undefined) return []
    return [{ ...address, host, service: name, name: portName, what }]
  })
}

/** EMQX's management by its port, or by the operators' names of it. */
function whatIsAt(port: ServicePort): TriedAddress['what'] | undefined {
  const { name = '', targetPort = port.port } = port
  const isManagement = MANAGEMENT_PORTS.some((one) => one === targetPort) || /dashboard|management/.test(name)
  return listenerOf(port) ?? (isManagement ? 'management' : undefined)
}
