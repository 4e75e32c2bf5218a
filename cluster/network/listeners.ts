import { MANAGEMENT_PORTS, MQTT_LISTENERS, MQTT_PORTS, type MqttListener } from '#weir/facts/index.ts'
import type { Service, ServicePort } from '../kubernetes/kinds.ts'

/** A listener of EMQX as the operator's Service has it. */
export interface Listener {
  listener: MqttListener
  /** The name of its port in the operator's Service, e.g. "mqtt-tcp-1883" or "tcp-default". */
  name: string
  /** The number of that port. */
  port: number
  /** Where EMQX listens in its pods: a number, or the name of a container's port. */
  target: number | string
}

/** The operators' names: 4.4's begin with `mqtt-`, 5's with the transport, and those that EMQX has by default end with `-default`. */
const NAME = /^(?:mqtt-)?(tcp|ssl|ws|wss)(?:-|$)/
/** What people call the ports of their own Services. */
const OTHER_NAMES: readonly [RegExp, MqttListener][] = [
  [/^(?:mqtts|mqtt-?tls|tls)(?:-|$)/, 'mqtt-ssl'],
  [/^mqtt-(?:over-)?websocket/, 'mqtt-ws'],
  [/^mqtt(?:-\d+)?$/, 'mqtt-tcp'],
]
const USUAL = /^mqtt-|-default$/

const usuallyAt = (port: number | string): MqttListener | undefined =>
  MQTT_LISTENERS.find((listener) => MQTT_PORTS[listener] === port)

/** The MQTT listener that a port of a Service is for; undefined for others, e.g. the dashboard. */
export function listenerOf({ name = '', port, targetPort = port }: ServicePort): MqttListener | undefined {
  if (MANAGEMENT_PORTS.some((one) => one === targetPort)) return undefined
  return (
    byName(name) ?? usuallyAt(targetPort) ?? usuallyAt(port) ?? byOtherName(name) ?? byName(`${targetPort}`)
  )
}

function byName(name: string): MqttListener | undefined {
  const transport = NAME.exec(name)?.[1]
  return transport === undefined ? undefined : (`mqtt-${transport}` as MqttListener)
}

const byOtherName = (name: string): MqttListener | undefined =>
  OTHER_NAMES.find(([pattern]) => pattern.test(name))?.[1]

/** The port of a Service for a listener: of several that which EMQX has by default, else the first. */
export function portFor(service: Service, listener: MqttListener): ServicePort | undefined {
  const ports = (service.spec?.ports ?? []).filter((port) => listenerOf(port) === listener)
  return ports.find(({ name = '' }) => USUAL.test(name)) ?? ports[0]
}

/** A port by its name or number, or by EMQX's name of its listener: "tcp:external" is "tcp-external" in a Service. */
export function portNamed(service: Service, word: string): ServicePort | undefined {
  const ports = service.spec?.ports ?? []
  const name = word.replace(':', '-')
  const exact = ports.find((port) => port.name === name || `${port.port}` === word)
  const ending = ports.filter((port) => port.name?.endsWith(`-${name}`))
  return exact ?? (ending.length === 1 ? ending[0] : undefined)
}

/** Its ports for MQTT, whatever carries it. */
export const mqttPortsOf = (service: Service): ServicePort[] =>
  (service.spec?.ports ?? []).filter((port) => listenerOf(port) !== undefined)

/** The MQTT listeners that the operator's Service shows, one of each kind. */
export const listenersOf = (service: Service): Listener[] =>
  MQTT_LISTENERS.flatMap((listener) => {
    const found = portFor(service, listener)
    if (!found) return []
    const { name = '', port, targetPort: target = port } = found
    return [{ listener, name, port, target }]
  })
