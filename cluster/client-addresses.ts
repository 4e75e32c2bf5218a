import { setTimeout as sleep } from 'node:timers/promises'
import { WeirError } from '#weir/errors/index.ts'
import {
  type AddressKind,
  CARRIED,
  LISTENER_OF,
  MQTT_PORTS,
  protocolOfListener,
  type TransportProtocol,
} from '#weir/facts/index.ts'
import { unlessGone } from './kubernetes/api-errors.ts'
import type { Node, Pod, Service } from './kubernetes/kinds.ts'
import { resources } from './kubernetes/resources.ts'
import { type KubeApi, KubeApiError } from './kubernetes/types.ts'
import { listenerOf, mqttPortsOf, portFor, portNamed } from './network/listeners.ts'

export interface Address {
  host: string
  port: number
}

/** How clients come in, where the user says it. */
export interface WayIn {
  /** A Service of the user's own, instead of the operator's. */
  service?: string | undefined
  /** A port of that Service by its name or number, or a listener by EMQX's name, e.g. "tcp:external". */
  listener?: string | undefined
  /** What carries MQTT there. Default: TCP. */
  protocol?: TransportProtocol | undefined
  /** Addresses that no Service of the cluster tells, e.g. those of a gateway. */
  addresses?: readonly Address[] | undefined
}

const POLL_MS = 300

/** Clients use so many addresses of nodes at most: more show no more, and each that is silent takes its time. */
const MOST_NODES = 64

type NodeAddressType = 'InternalIP' | 'ExternalIP' | 'Hostname'

/** A user's clients come from outside. */
const FOR_CLIENTS: readonly NodeAddressType[] = ['ExternalIP', 'InternalIP', 'Hostname']
const IPS: readonly NodeAddressType[] = ['InternalIP', 'ExternalIP']

/** Addresses of the Ready nodes, each of which forwards a NodePort, type by type. Without permission to list nodes, of the pods' hosts. */
export async function nodeAddresses(
  kube: KubeApi,
  podSelector: string,
  types: readonly NodeAddressType[] = IPS,
): Promise<string[]> {
  try {
    const { items } = await kube.list<Node>(resources.nodes)
    const ready = items.filter((node) =>
      node.status?.conditions?.every((c) => c.type !== 'Ready' || c.status === 'True'),
    )
    const found = types.flatMap((type) =>
      (ready.length > 0 ? ready : items).flatMap((node) =>
        (node.status?.addresses ?? []).flatMap((one) => (one.type === type ? [one.address] : [])),
      ),
    )
    if (found.length > 0) return [...new Set(found)]
  } catch (error) {
    if (!(error instanceof KubeApiError && error.status === 403)) throw error
  }
  const pods = await kube.list<Pod>(resources.pods, { namespace: kube.namespace, labelSelector: podSelector })
  return [...new Set(pods.items.flatMap((pod) => pod.status?.hostIP ?? []))]
}

/** What to look for in a Service. */
export interface Wanted {
  kind: AddressKind
  listener: string | undefined
  /** Default: MQTT over TCP. */
  protocol?: TransportProtocol | undefined
  /** Selects the cluster's pods. */
  podSelector: string
}

/** Every address of one kind, or what is missing. */
export async function lookUpAddresses(
  kube: KubeApi,
  service: Service,
  { kind, listener, protocol, podSelector }: Wanted,
): Promise<Address[] | string> {
  const name = `Service ${service.metadata.name}`
  const port = clientPort(service, { listener, protocol })
  if (!port) {
    const { why, todo } = noPort(service, { listener, protocol })
    return `${why}: ${todo}`
  }
  const { type = 'ClusterIP', clusterIP, externalIPs = [] } = service.spec ?? {}
  const at = (hosts: readonly string[], number = port.port) => hosts.map((host) => ({ host, port: number }))
  switch (kind) {
    case 'nodePort': {
      if (!port.nodePort) return `${name} is of type ${type} and has no nodePort for MQTT`
      const hosts = (await nodeAddresses(kube, podSelector, FOR_CLIENTS)).slice(0, MOST_NODES)
      return hosts.length > 0
        ? at(hosts, port.nodePort)
        : `${name} has nodePort ${port.nodePort}, but no node has an address`
    }
    case 'clusterIP':
      return clusterIP && clusterIP !== 'None' ? at([clusterIP]) : `${name} has no cluster IP`
    case 'externalIP':
      return externalIPs.length > 0 ? at(externalIPs) : `${name} has no externalIPs`
    case 'loadBalancer': {
      const hosts = (service.status?.loadBalancer?.ingress ?? []).flatMap(
        ({ ip, hostname }) => ip ?? hostname ?? [],
      )
      return hosts.length > 0 ? at(hosts) : `${name} is of type ${type} and has no load balancer address yet`
    }
  }
}

type WantedPort = Pick<Wanted, 'listener' | 'protocol'>

/** The port of a Service for the clients; undefined where it has none. */
export const clientPort = (service: Service, { listener, protocol = 'mqtt' }: WantedPort) =>
  listener === undefined ? portFor(service, LISTENER_OF[protocol]) : portNamed(service, listener)

/** What a Service without a port for the clients has instead, and which flags lead there. */
export function noPort(
  service: Service,
  { listener, protocol = 'mqtt' }: WantedPort,
): { why: string; todo: string } {
  const name = `Service ${service.metadata.name}`
  const ports = mqttPortsOf(service)
  const carriers = [...new Set(ports.map((port) => protocolOfListener(listenerOf(port)!)))]
  const shown = ports.map((port) => {
    const carried = CARRIED[protocolOfListener(listenerOf(port)!)]
    return `${port.name ?? 'a port without a name'} (${port.port}) for ${carried}`
  })
  const has = shown.length > 0 ? `it has ${shown.join(', ')}` : 'it has none for MQTT'
  if (listener !== undefined)
    return { why: `${name} has no port ${listener}: ${has}`, todo: 'choose another with --listener' }
  return {
    why: `${name} has no port for ${CARRIED[protocol]} (${MQTT_PORTS[LISTENER_OF[protocol]]}): ${has}`,
    todo:
      carriers.length > 0
        ? `use ${carriers.map((one) => `--protocol ${one}`).join(' or ')}`
        : 'choose another Service with --service, or say where clients connect with --address HOST:PORT',
  }
}

/**
 * Where MQTT clients connect, from the Service and the nodes; waits until there is such an address.
 * Throws WEIR_CLUSTER_UNFIT with what was missing last when `timeoutMs` passes.
 */
export async function clientAddresses(
  kube: KubeApi,
  service: string,
  wanted: Wanted,
  timeoutMs: number,
): Promise<Address[]> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const object = await unlessGone(kube.get<Service>(resources.services, kube.namespace, service))
    const found = object
      ? await lookUpAddresses(kube, object, wanted)
      : `there is no Service ${service} in namespace ${kube.namespace}`
    if (typeof found !== 'string') return found
    if (Date.now() >= deadline) {
      // Without a port what is missing says itself which flags lead elsewhere.
      const hasPort = object === undefined || clientPort(object, wanted) !== undefined
      const todo = hasPort ? '; choose another with fleet.connection' : ''
      throw new WeirError(
        'WEIR_CLUSTER_UNFIT',
        `no address for clients (${wanted.kind}) within ${Math.round(timeoutMs / 1000)} s: ${found}${todo}`,
      )
    }
    await sleep(POLL_MS)
  }
}
