import type { Service } from '#weir/cluster/kubernetes/kinds.ts'

/** An address on which a Service port is reached. */
export interface Frontend {
  host: string
  port: number
  service: Service
  portName: string
}

const isLoopback = (ip: string | undefined): ip is string => ip?.startsWith('127.') === true

/** All addresses of a Service: node ports on every node, and its cluster and load-balancer addresses where they are of this machine. */
export function frontendsOf(service: Service, nodeIps: readonly string[]): Frontend[] {
  const { clusterIP, clusterIPs = clusterIP === undefined ? [] : [clusterIP], ports = [] } = service.spec
  const own = [
    ...clusterIPs.filter(isLoopback),
    ...(service.status?.loadBalancer?.ingress ?? []).map(({ ip }) => ip).filter(isLoopback),
  ]
  return ports
    .filter(({ protocol = 'TCP' }) => protocol === 'TCP')
    .flatMap(({ name = '', port, nodePort }) => [
      ...own.map((host) => ({ host, port, service, portName: name })),
      ...(nodePort === undefined || nodePort === 0
        ? []
        : nodeIps.map((host) => ({ host, port: nodePort, service, portName: name }))),
    ])
}
