import { MQTT_LISTENERS, MQTT_PORTS, type MqttListener } from '#weir/facts/index.ts'
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

/** The operators' names: 4.4's begin with `mqtt-`, 5's with the transport. */
const NAME = /^(?:mqtt-)?(tcp|ssl|ws|wss)(?:-|$)/

/** The MQTT listener that a port of a Service is for; undefined for others, e.g. the dashboard. */
export function listenerOf({ name = '', port, targetPort = port }: ServicePort): MqttListener | undefined {
  const transport = NAME.exec(name)?.[1]
  if (transport !== undefined) return `mqtt-${transport}` as MqttListener
  return MQTT_LISTENERS.find((listener) => MQTT_PORTS[listener] === targetPort)
}

/** The MQTT listeners that the operator's Service shows, the first of each kind. */
export function listenersOf(service: Service): Listener[] {
  const found = new Map<MqttListener, Listener>()
  for (const port of service.spec.ports ?? []) {
    const listener = listenerOf(port)
    if (listener !== undefined && !found.has(listener))
      found.set(listener, {
        listener,
        name: port.name ?? '',
        port: port.port,
        target: port.targetPort ?? port.port,
      })
  }
  return MQTT_LISTENERS.flatMap((listener) => found.get(listener) ?? [])
}
