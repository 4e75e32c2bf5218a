import {
  controllerOf,
  type EndpointPort,
  isReady,
  omitEmpty,
  type Pod,
  type Service,
  selects,
} from '#weir/cluster/kubernetes/kinds.ts'
import { remembered } from '../../runtime/memo.ts'

/** A pod as an endpoint of one Service. */
export interface Member {
  ip: string
  /** Ready and not terminating, or published all the same. */
  isReady: boolean
  isServing: boolean
  isTerminating: boolean
  hostname: string | undefined
  nodeName: string | undefined
  pod: { name: string; namespace?: string; uid?: string }
  /** Uid of what made the pod; its name where nothing did. */
  set: string
  ports: EndpointPort[]
}

/** The Service's endpoints as its selector and its pods have it, in order of their addresses. */
export function membersOf(service: Service, pods: Pod[]): Member[] {
  return pods
    .filter((pod) => selects(service.spec.selector, pod.metadata.labels) && hasEndpoint(pod))
    .map((pod) => memberOf(service, pod))
    .sort((a, b) => (a.ip < b.ip ? -1 : 1))
}

/** Pods with an address that have not ended. */
const hasEndpoint = ({ status }: Pod) =>
  Boolean(status?.podIP) && status?.phase !== 'Failed' && status?.phase !== 'Succeeded'

function memberOf(service: Service, pod: Pod): Member {
  const { name, namespace, uid } = pod.metadata
  const { hostname, subdomain, nodeName } = pod.spec
  const isTerminating = pod.metadata.deletionTimestamp !== undefined
  const isServing = isReady(pod)
  return {
    ip: pod.status!.podIP!,
    isReady: service.spec.publishNotReadyAddresses === true || (isServing && !isTerminating),
    isServing,
    isTerminating,
    hostname: subdomain === service.metadata.name ? hostname : undefined,
    nodeName,
    pod: omitEmpty({ name, namespace, uid }),
    set: controllerOf(pod)?.uid ?? name,
    ports: portsOf(service, pod),
  }
}

/** The Service's ports as this pod has them: a named targetPort is looked up among the containers' ports. */
function portsOf(service: Service, pod: Pod): EndpointPort[] {
  return (service.spec.ports ?? []).flatMap(
    ({ name, port, protocol = 'TCP', targetPort = port, appProtocol }) => {
      const number = typeof targetPort === 'number' ? targetPort : namedPort(pod, targetPort, protocol)
      if (number === undefined) return []
      return [omitEmpty({ name, port: number, protocol, appProtocol })]
    },
  )
}

const namedPort = (pod: Pod, name: string, protocol: string) =>
  (pod.spec.containers ?? [])
    .flatMap((container) => container.ports ?? [])
    .find((port) => port.name === name && (port.protocol ?? 'TCP') === protocol)?.containerPort

/** Members that share their ports, in order of appearance. */
export function byPorts<T extends { ports: EndpointPort[] }>(
  members: T[],
): { ports: EndpointPort[]; members: T[] }[] {
  const groups = new Map<string, { ports: EndpointPort[]; members: T[] }>()
  for (const member of members) {
    const { ports } = member
    remembered(groups, JSON.stringify(ports), () => ({ ports, members: [] as T[] })).members.push(member)
  }
  return [...groups.values()]
}
