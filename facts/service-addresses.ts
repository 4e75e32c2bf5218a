/** What of a Kubernetes Service says where it is reached. */
export interface AddressedService {
  spec?: {
    type?: string
    clusterIP?: string
    externalIPs?: string[]
    ports?: { name?: string; port?: number; nodePort?: number }[]
  }
  status?: { loadBalancer?: { ingress?: { ip?: string; hostname?: string }[] | null } }
}

/** What clients rely on, without the ports that the Service itself names: whoever knows these reaches the same Service again. */
export interface ServiceLedger {
  type: string
  /** "None" of a headless Service; undefined while it has none. */
  clusterIp: string | undefined
  /** By the name of the port, "" where it has none. */
  nodePorts: ReadonlyMap<string, number>
  /** Addresses and host names, sorted. Empty while the cloud has given none. */
  loadBalancer: readonly string[]
  /** Those that somebody routes to the cluster, sorted. */
  externalIps: readonly string[]
}

export function ledgerOf({ spec = {}, status }: AddressedService): ServiceLedger {
  const { type = 'ClusterIP', clusterIP, externalIPs = [], ports = [] } = spec
  return {
    type,
    clusterIp: clusterIP || undefined,
    nodePorts: new Map(ports.flatMap(({ name = '', nodePort }) => (nodePort ? [[name, nodePort]] : []))),
    loadBalancer: (status?.loadBalancer?.ingress ?? [])
      .flatMap(({ ip, hostname }) => ip ?? hostname ?? [])
      .sort(),
    externalIps: [...externalIPs].sort(),
  }
}

/** In the words of people. */
export const ADDRESS_WORDS = {
  'cluster-ip': 'cluster IP',
  'node-port': 'node port',
  'load-balancer': 'load balancer',
  'external-ip': 'external IP',
} as const

/** One address of one port of a Service. */
export interface ServiceAddress {
  kind: keyof typeof ADDRESS_WORDS
  /** Name of the port, "" where it has none. */
  name: string
  /** An address or a host name. Undefined of a node port while no node's address is known, and of a load balancer that has none yet. */
  host: string | undefined
  port: number
}

/** The addresses of one Service, in the order of its ports. */
export interface ServiceAddresses {
  service: string
  addresses: ServiceAddress[]
}

/** Every address of a Service, port by port. A node port is reached at each of `nodeIps`. */
export function addressesOf(service: AddressedService, nodeIps: readonly string[] = []): ServiceAddress[] {
  const { type, clusterIp, nodePorts, loadBalancer, externalIps } = ledgerOf(service)
  const balanced: readonly (string | undefined)[] = loadBalancer.length > 0 ? loadBalancer : [undefined]
  const nodes: readonly (string | undefined)[] = nodeIps.length > 0 ? nodeIps : [undefined]
  return (service.spec?.ports ?? []).flatMap(({ name = '', port = 0 }): ServiceAddress[] => {
    const nodePort = nodePorts.get(name)
    return [
      ...(clusterIp === undefined || clusterIp === 'None' ? [] : [at('cluster-ip', clusterIp, port)]),
      ...(nodePort === undefined ? [] : nodes.map((host) => at('node-port', host, nodePort))),
      ...(type === 'LoadBalancer' ? balanced.map((host) => at('load-balancer', host, port)) : []),
      ...externalIps.map((host) => at('external-ip', host, port)),
    ]
    function at(kind: ServiceAddress['kind'], host: string | undefined, number: number): ServiceAddress {
      return { kind, name, host, port: number }
    }
  })
}

/** As records name a target: "10.0.0.4:1883", "[2001:db8::1]:1883". */
export const hostPort = (host: string, port: number): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`

/** Of "10.0.0.4:1883" or "[2001:db8::1]:1883"; empty where a text is neither. */
export function hostOf(target: string): { host: string; port: string } {
  const [, bracketed, plain, port = ''] = /^(?:\[(.*)\]|(.*)):(\d+)$/.exec(target) ?? []
  return { host: bracketed ?? plain ?? '', port }
}

/** e.g. "10.0.0.4:1883". */
export function hostAndPort({ kind, host, port }: Omit<ServiceAddress, 'name'>): string {
  const where = host === undefined ? (kind === 'node-port' ? 'any node' : 'pending') : host
  return hostPort(where, port)
}

/** e.g. "10.0.0.4:1883 (cluster IP)". */
export const addressText = (address: ServiceAddress): string =>
  `${hostAndPort(address)} (${ADDRESS_WORDS[address.kind]})`
