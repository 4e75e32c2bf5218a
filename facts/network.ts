import type { ServiceAddress } from './service-addresses.ts'

/** The listeners that clients may use from outside a cluster, in the words of EMQX ECP, with the ports that EMQX has by default. */
export const MQTT_PORTS = { 'mqtt-tcp': 1883, 'mqtt-ssl': 8883, 'mqtt-ws': 8083, 'mqtt-wss': 8084 } as const
export type MqttListener = keyof typeof MQTT_PORTS
export const MQTT_LISTENERS = Object.keys(MQTT_PORTS) as MqttListener[]

/** Ports of EMQX's dashboard and HTTP API, which may never be reached from outside. */
export const MANAGEMENT_PORTS: readonly number[] = [18083, 8081]

export const NETWORK_TYPES = ['ClusterIP', 'NodePort', 'LoadBalancer'] as const
/** How clients come in: from inside alone, by a port of every node, or by a load balancer. */
export type NetworkType = (typeof NETWORK_TYPES)[number]

/** Whose Service serves clients from outside: one of weir's own, or the operator's. */
export const SERVED_BY = ['weir', 'operator'] as const

/** One port that a Service is asked for. */
export interface AskedPort {
  listener: MqttListener
  /** Its name in the Service. */
  name: string
  /** Where EMQX listens in its pods: a number, or the name of a container's port. */
  target: number | string
  /** The Service's own port, which is that of a load balancer. */
  port: number
  /** Left out, Kubernetes chooses one. */
  nodePort?: number
}

/** A change of how clients reach the cluster from outside was written: what is asked for. */
export interface NetworkEvent {
  t: number
  type: 'network'
  /** Name of the Service that is to serve them. */
  service: string
  by: (typeof SERVED_BY)[number]
  network: NetworkType
  ports: AskedPort[]
  annotations: Readonly<Record<string, string>>
  /** Annotations that the Service had by the last change of this kind, and is to have no more. */
  removed: string[]
  /** How long the write took. */
  tookNs: number
}

/** How an address is reached. */
export const ADDRESS_KINDS = ['nodePort', 'clusterIP', 'loadBalancer'] as const
export type AddressKind = (typeof ADDRESS_KINDS)[number]

/**
 * What became of a try: an MQTT client had a round trip of a message (`served`); EMQX answered and did not let it in
 * (`denied`); something answered, and it was no such listener (`answered`); nothing accepted a connection (`closed`).
 */
export type TrialOutcome = 'served' | 'denied' | 'answered' | 'closed'

/** An address of a Service was tried from this machine. Recorded at first, and when the outcome is another than before. */
export interface TrialEvent {
  t: number
  type: 'trial'
  kind: ServiceAddress['kind']
  host: string
  port: number
  /** The Service whose address this is or was; undefined for a port that no Service of the cluster names. */
  service?: string
  /** What was tried: a handshake of this listener, or a bare connection to EMQX's management. */
  what: MqttListener | 'management'
  outcome: TrialOutcome
  /** What went wrong, in the words of the network or of EMQX. */
  why?: string
  tookNs: number
}

/**
 * What a try of an address is to show when the change has had its effect. `either`: nobody asked, as for node ports that a load balancer uses itself.
 */
export function expectedOf(
  { kind, service, what }: Pick<TrialEvent, 'kind' | 'service' | 'what'>,
  asked: Pick<NetworkEvent, 'service' | 'network' | 'ports'>,
): 'served' | 'closed' | 'either' {
  if (kind === 'cluster-ip') return 'served'
  const isAsked = service === asked.service && asked.ports.some(({ listener }) => listener === what)
  if (!isAsked || asked.network === 'ClusterIP') return 'closed'
  if (kind === 'load-balancer') return 'served'
  return kind === 'node-port' && asked.network === 'NodePort' ? 'served' : 'either'
}

/** Whether it showed that. */
export function isAsExpected(
  trial: Omit<TrialEvent, 't' | 'type'>,
  asked: Pick<NetworkEvent, 'service' | 'network' | 'ports'>,
): boolean {
  const expected = expectedOf(trial, asked)
  return expected === 'either' || trial.outcome === expected
}
