import type { WantedPort } from '#weir/cluster/index.ts'
import { usageError } from '#weir/errors/index.ts'
import {
  MQTT_LISTENERS,
  MQTT_PORTS,
  type MqttListener,
  NETWORK_TYPES,
  type NetworkType,
  type TrafficPolicy,
} from '#weir/facts/index.ts'

/** As a user gives them. */
export interface NetworkFlags {
  type: string
  protocols?: string | undefined
  port: readonly string[]
  'node-port': readonly string[]
  annotations?: string | undefined
  'load-balancer-class'?: string | undefined
  'external-traffic-policy'?: TrafficPolicy | undefined
}

export interface WantedNetwork {
  network: NetworkType
  ports: WantedPort[]
  /** Undefined where none are given: those of the policy, if it has any. */
  annotations: Record<string, string> | undefined
}

/** What is wanted, as far as it can be told without a cluster. Throws WEIR_USAGE. */
export function wantedNetwork(flags: NetworkFlags): WantedNetwork {
  const network = typeOf(flags.type)
  const listeners = listenersOf(flags.protocols)
  if (network === 'ClusterIP') {
    refuseBeside(flags, network, [
      'protocols',
      'port',
      'node-port',
      'annotations',
      'load-balancer-class',
      'external-traffic-policy',
    ])
    return { network, ports: [], annotations: {} }
  }
  if (listeners.length === 0)
    throw usageError(`${network} needs --protocols, one or more of ${MQTT_LISTENERS.join(', ')}`)
  const isBalancer = network === 'LoadBalancer'
  refuseBeside(flags, network, isBalancer ? ['node-port'] : ['port', 'annotations', 'load-balancer-class'])
  const ports = portsOf('--port', flags.port, listeners)
  const nodePorts = portsOf('--node-port', flags['node-port'], listeners)
  if (isBalancer) refuseDoubled(listeners, ports)
  const wanted = listeners.map((listener): WantedPort => {
    const [port, nodePort] = [ports.get(listener), nodePorts.get(listener)]
    return { listener, ...(port !== undefined && { port }), ...(nodePort !== undefined && { nodePort }) }
  })
  return { network, ports: wanted, annotations: isBalancer ? annotationsOf(flags.annotations) : {} }
}

function typeOf(word: string): NetworkType {
  const found = NETWORK_TYPES.find((type) => type.toLowerCase() === word.toLowerCase())
  if (found === undefined)
    throw usageError(`there is no network type "${word}": choose clusterip, nodeport or loadbalancer`)
  return found
}

function listenersOf(words: string | undefined): MqttListener[] {
  if (words === undefined) return []
  const found: MqttListener[] = []
  for (const word of words.split(',').map((one) => one.trim())) {
    const listener = listenerCalled('--protocols', word)
    if (found.includes(listener)) throw usageError(`--protocols names ${listener} twice`)
    found.push(listener)
  }
  return found
}

function listenerCalled(flag: string, word: string): MqttListener {
  const found = MQTT_LISTENERS.find((listener) => listener === word)
  if (found === undefined)
    throw usageError(
      `${flag}: "${word}" is none of the protocols for clients from outside: ${MQTT_LISTENERS.join(', ')}`,
    )
  return found
}

/** "mqtt-ssl=443", for protocols that are asked for, each number once. */
function portsOf(
  flag: string,
  words: readonly string[],
  asked: readonly MqttListener[],
): Map<MqttListener, number> {
  const found = new Map<MqttListener, number>()
  for (const word of words) {
    const [name = '', text = '', ...rest] = word.split('=')
    const listener = listenerCalled(flag, name)
    const port = /^\d+$/.test(text) && rest.length === 0 ? Number(text) : Number.NaN
    if (!(port >= 1 && port <= 65_535))
      throw usageError(`${flag} ${word}: a port is a number from 1 to 65535, as in ${flag} mqtt-ssl=8883`)
    if (!asked.includes(listener)) throw usageError(`${flag} ${word}: --protocols does not name ${listener}`)
    if (found.has(listener)) throw usageError(`${flag} names ${listener} twice`)
    const other = [...found].find(([, taken]) => taken === port)
    if (other) throw usageError(`${flag} ${word}: ${other[0]} has port ${port} already`)
    found.set(listener, port)
  }
  return found
}

function annotationsOf(text: string | undefined): Record<string, string> | undefined {
  if (text === undefined) return undefined
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (cause) {
    throw usageError(`--annotations is not JSON: ${(cause as Error).message}`)
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw usageError(`--annotations is a JSON object of strings, as in '{"a": "b"}', or '{}' for none`)
  const wrong = Object.entries(parsed).find(([, value]) => typeof value !== 'string')
  if (wrong) throw usageError(`--annotations: ${wrong[0]} has a value that is no string`)
  return parsed as Record<string, string>
}

function refuseBeside(
  flags: NetworkFlags,
  network: NetworkType,
  names: readonly (keyof NetworkFlags)[],
): void {
  for (const name of names) {
    const value = flags[name]
    if (value !== undefined && (!Array.isArray(value) || value.length > 0))
      throw usageError(`--${name} is not for ${network}`)
  }
}

/** Two listeners at one port of a load balancer, one of them at its usual port. */
function refuseDoubled(listeners: readonly MqttListener[], given: ReadonlyMap<MqttListener, number>): void {
  const taken = new Map<number, MqttListener>()
  for (const listener of listeners) {
    const port = given.get(listener) ?? MQTT_PORTS[listener]
    const other = taken.get(port)
    if (other !== undefined)
      throw usageError(
        `${other} and ${listener} both have port ${port}: give one of them another with --port`,
      )
    taken.set(port, listener)
  }
}
