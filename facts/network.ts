import type { ServiceAddress } from './service-addresses.ts'

/** The listeners that clients may use from outside a cluster, in the words of EMQX ECP, with the ports that EMQX has by default. */
export const MQTT_PORTS = { 'mqtt-tcp': 1883, 'mqtt-ssl': 8883, 'mqtt-ws': 8083, 'mqtt-wss': 8084 } as const
export type MqttListener = keyof typeof MQTT_PORTS
export const MQTT_LISTENERS = Object.keys(MQTT_PORTS) as MqttListener[]

/** What carries the bytes of a connection, by MQTTX's names, and EMQX's listener for it. */
export const LISTENER_OF = {
  mqtt: 'mqtt-tcp',
  mqtts: 'mqtt-ssl',
  ws: 'mqtt-ws',
  wss: 'mqtt-wss',
} as const satisfies Record<string, MqttListener>
export type TransportProtocol = keyof typeof LISTENER_OF
export const TRANSPORT_PROTOCOLS = Object.keys(LISTENER_OF) as TransportProtocol[]

/** The transport of a listener. */
export const protocolOfListener = (listener: MqttListener): TransportProtocol =>
  TRANSPORT_PROTOCOLS.find((protocol) => LISTENER_OF[protocol] === listener)!

/** e.g. "MQTT over TLS". */
export const CARRIED: Readonly<Record<TransportProtocol, string>> = {
  mqtt: 'MQTT over TCP',
  mqtts: 'MQTT over TLS',
  ws: 'MQTT over WebSocket',
  wss: 'MQTT over WebSocket with TLS',
}

/** Ports of EMQX's dashboard, plain and by TLS, and of its HTTP API, which may never be reached from outside. */
export const MANAGEMENT_PORTS: readonly number[] = [18083, 18084, 8081]

export const NETWORK_TYPES = ['ClusterIP', 'NodePort', 'LoadBalancer'] as const
/** How clients come in: from inside alone, by a port of every node, or by a load balancer. */
export type NetworkType = (typeof NETWORK_TYPES)[number]

/** Whose Service serves clients from outside: one of weir's own, or the operator's. */
export const SERVED_BY = ['weir', 'operator'] as const

export const TRAFFIC_POLICIES = ['Cluster', 'Local'] as const
/** Whether nodes pass connections on to pods of other nodes. */
export type TrafficPolicy = (typeof TRAFFIC_POLICIES)[number]

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
  /** Its annotations become others: a cloud may make another load balancer of it. */
  otherAnnotations: boolean
  externalTrafficPolicy?: TrafficPolicy
  /** How long the write took. */
  tookNs: number
}

/** How clients of weir reach a Service. */
export const ADDRESS_KINDS = ['nodePort', 'clusterIP', 'loadBalancer', 'externalIP'] as const
export type AddressKind = (typeof ADDRESS_KINDS)[number]

/**
 * What became of a try: an MQTT client had a round trip of a message (`served`); EMQX answered and did not let it in
 * (`denied`); something answered, and it was no such listener (`answered`); nothing accepted a connection (`closed`).
 */
export type TrialOutcome = 'served' | 'denied' | 'answered' | 'closed'

/** An address of a Service was tried from this machine, before the change or after it. Recorded at first, and when the outcome is another. */
export interface TrialEvent {
  t: number
  type: 'trial'
  kind: ServiceAddress['kind']
  host: string
  port: number
  /** The Service whose address this is or was, and the name of its port; left out for a port that no Service of the cluster names. */
  service?: string
  name?: string
  /** No Service has this address any more. */
  isPast?: true
  /** What was tried: a handshake of this listener, or a bare connection to EMQX's management. */
  what: MqttListener | 'management'
  outcome: TrialOutcome
  /** What went wrong, in the words of the network or of EMQX. */
  why?: string
  tookNs: number
}

type Asked = Pick<NetworkEvent, 'service' | 'network' | 'ports'>
type Tried = Pick<TrialEvent, 'kind' | 'service' | 'name' | 'what' | 'isPast'>

/**
 * What a try of an address is to show when the change has had its effect. `either`: nobody asked, as for node ports that a load balancer uses itself,
 * and for addresses inside that did not serve weir before. `served`: whether it did.
 */
export function expectedOf(
  { kind, service, name, what, isPast }: Tried,
  asked: Asked,
  served: boolean,
): 'served' | 'closed' | 'either' {
  if (kind === 'cluster-ip') return served && isPast !== true ? 'served' : 'either'
  // What other Services show is not of this change's making.
  if (asked.network === 'ClusterIP') return service === asked.service ? 'closed' : 'either'
  if (isPast || service !== asked.service) return 'closed'
  const isAsked = asked.ports.some((port) => port.listener === what && port.name === name)
  if (!isAsked) return 'closed'
  if (kind === 'load-balancer') return 'served'
  return kind === 'node-port' && asked.network === 'NodePort' ? 'served' : 'either'
}

/** What says nothing of an address: a firewall, a network that is not this machine's, a name that does not resolve. A refusal is an answer. */
const SILENCE: readonly string[] = [
  ...['no answer', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN'],
  ...['ENOTFOUND', 'EAI_AGAIN'],
]

export const isSilent = ({ outcome, why = '' }: Pick<TrialEvent, 'outcome' | 'why'>): boolean =>
  outcome === 'closed' && SILENCE.includes(why)
