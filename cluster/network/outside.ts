import {
  type AddressKind,
  MANAGEMENT_PORTS,
  MQTT_LISTENERS,
  MQTT_PORTS,
  type MqttListener,
} from '#weir/facts/index.ts'
import type { Service, ServicePort } from '../kubernetes/kinds.ts'
import { listenerOf } from './listeners.ts'

/** An address that somebody outside could try. */
export interface OutsideAddress {
  kind: AddressKind
  host: string
  port: number
  /** The Service that names the port; left out where none of the cluster's does. */
  service?: string
  /** What EMQX is expected to have there. */
  what: MqttListener | 'management'
}

/** More nodes show no more. */
const NODES_TRIED = 4

/**
 * Every address outside the cluster that its Services name, and on their load balancers also the usual ports of EMQX, which are open only where
 * somebody names them. A node's other ports are its own.
 */
export function outsideAddresses(services: readonly Service[], nodeIps: readonly string[]): OutsideAddress[] {
  const found = new Map<string, OutsideAddress>()
  const add = (one: OutsideAddress) => {
    const key = `${one.host}:${one.port}`
    if (!found.has(key)) found.set(key, one)
  }
  const named = services.flatMap((service) =>
    (service.spec.ports ?? []).flatMap((port) => {
      const what = whatIsAt(port)
      return what === undefined ? [] : [{ service, port, what }]
    }),
  )
  for (const { service, port, what } of named) {
    const { name } = service.metadata
    if (port.nodePort)
      for (const host of nodeIps.slice(0, NODES_TRIED))
        add({ kind: 'nodePort', host, port: port.nodePort, service: name, what })
    for (const host of ingressOf(service))
      add({ kind: 'loadBalancer', host, port: port.port, service: name, what })
  }
  for (const host of services.flatMap(ingressOf)) {
    for (const listener of MQTT_LISTENERS)
      add({ kind: 'loadBalancer', host, port: MQTT_PORTS[listener], what: listener })
    for (const port of MANAGEMENT_PORTS) add({ kind: 'loadBalancer', host, port, what: 'management' })
  }
  return [...found.values()]
}

/** The addresses inside the cluster of one Service's MQTT listeners. */
export function insideAddresses(service: Service): OutsideAddress[] {
  const host = service.spec.clusterIP
  if (!host || host === 'None') return []
  return (service.spec.ports ?? []).flatMap((port) => {
    const what = listenerOf(port)
    return what === undefined
      ? []
      : [{ kind: 'clusterIP' as const, host, port: port.port, service: service.metadata.name, what }]
  })
}

/** EMQX's management by its port, or by the operators' names of it. */
function whatIsAt(port: ServicePort): OutsideAddress['what'] | undefined {
  const { name = '', targetPort = port.port } = port
  const isManagement = MANAGEMENT_PORTS.some((one) => one === targetPort) || /dashboard|management/.test(name)
  return listenerOf(port) ?? (isManagement ? 'management' : undefined)
}

const ingressOf = ({ spec, status }: Service): string[] =>
  spec.type === 'LoadBalancer'
    ? (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => ip ?? hostname ?? [])
    : []
