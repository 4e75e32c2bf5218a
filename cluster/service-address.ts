import { setTimeout as sleep } from 'node:timers/promises'
import { WeirError } from '#weir/errors/index.ts'
import { type AddressKind, MQTT_PORTS } from '#weir/facts/index.ts'
import { unlessGone } from './kubernetes/api-errors.ts'
import type { Node, Pod, Service } from './kubernetes/kinds.ts'
import { resources } from './kubernetes/resources.ts'
import { type KubeApi, KubeApiError } from './kubernetes/types.ts'
import { portFor } from './network/listeners.ts'

export interface Address {
  host: string
  port: number
}

const POLL_MS = 300

/** Addresses of the Ready nodes, each of which forwards a NodePort, internal ones first. Without permission to list nodes, of the pods' hosts. */
export async function nodeAddresses(kube: KubeApi, podSelector: string): Promise<string[]> {
  try {
    const { items } = await kube.list<Node>(resources.nodes)
    const ready = items.filter((node) =>
      node.status?.conditions?.every((c) => c.type !== 'Ready' || c.status === 'True'),
    )
    const found = ['InternalIP', 'ExternalIP'].flatMap((type) =>
      (ready.length > 0 ? ready : items).flatMap((node) =>
        (node.status?.addresses ?? []).flatMap((one) => (one.type === type ? [one.address] : [])),
      ),
    )
    if (found.length > 0) return found
  } catch (error) {
    if (!(error instanceof KubeApiError && error.status === 403)) throw error
  }
  const pods = await kube.list<Pod>(resources.pods, { namespace: kube.namespace, labelSelector: podSelector })
  return [...new Set(pods.items.flatMap((pod) => pod.status?.hostIP ?? []))]
}

/** The address of one kind, or what is missing. */
export async function lookUpAddress(
  kube: KubeApi,
  service: Service,
  kind: AddressKind,
  podSelector: string,
): Promise<Address | string> {
  const name = `Service ${service.metadata.name}`
  const port = portFor(service, 'mqtt-tcp')
  if (!port) return `${name} has no port for MQTT over TCP (${MQTT_PORTS['mqtt-tcp']})`
  if (kind === 'nodePort') {
    if (!port.nodePort) return `${name} is of type ${service.spec?.type} and has no nodePort for MQTT`
    const [host] = await nodeAddresses(kube, podSelector)
    return host
      ? { host, port: port.nodePort }
      : `${name} has nodePort ${port.nodePort}, but no node has an address`
  }
  if (kind === 'clusterIP') {
    const host = service.spec?.clusterIP
    return host && host !== 'None' ? { host, port: port.port } : `${name} has no cluster IP`
  }
  const ingress = service.status?.loadBalancer?.ingress?.find((one) => one.ip ?? one.hostname)
  const host = ingress?.ip ?? ingress?.hostname
  return host
    ? { host, port: port.port }
    : `${name} is of type ${service.spec?.type} and has no load balancer address yet`
}

/**
 * Where MQTT clients connect, from the Service and the nodes; waits until there is such an address.
 * Throws WEIR_CLUSTER_UNFIT with what was missing last when `timeoutMs` passes.
 */
export async function serviceAddress(
  kube: KubeApi,
  service: string,
  kind: AddressKind,
  podSelector: string,
  timeoutMs: number,
): Promise<Address> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const object = await unlessGone(kube.get<Service>(resources.services, kube.namespace, service))
    const found = object
      ? await lookUpAddress(kube, object, kind, podSelector)
      : `there is no Service ${service} in namespace ${kube.namespace}`
    if (typeof found !== 'string') return found
    if (Date.now() >= deadline)
      throw new WeirError(
        'WEIR_CLUSTER_UNFIT',
        `no address for clients (${kind}) within ${Math.round(timeoutMs / 1000)} s: ${found}; choose another with fleet.connection`,
      )
    await sleep(POLL_MS)
  }
}
