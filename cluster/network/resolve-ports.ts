import { type AskedPort, MQTT_PORTS, type MqttListener, type NetworkEvent } from '#weir/facts/index.ts'
import type { Service } from '../kubernetes/kinds.ts'
import { listenersOf } from './listeners.ts'

/** A listener that is wanted outside, with what of its port is known already. */
export type WantedPort = Pick<AskedPort, 'listener'> & Partial<AskedPort>

/** The ports as the cluster has them: where EMQX listens, and in the operator's Service also by its names. `lacking`: what EMQX does not listen for. */
export function resolvePorts(
  wanted: readonly WantedPort[],
  by: NetworkEvent['by'],
  operators: Service,
): { ports: AskedPort[]; lacking: MqttListener[] } {
  const known = listenersOf(operators)
  const ports: AskedPort[] = []
  const lacking: MqttListener[] = []
  for (const { listener, name, target, port, nodePort } of wanted) {
    const found = known.find((one) => one.listener === listener)
    const where = target ?? found?.target
    if (where === undefined) lacking.push(listener)
    else
      ports.push({
        listener,
        name: name ?? (by === 'operator' && found ? found.name : listener),
        target: where,
        port: port ?? MQTT_PORTS[listener],
        ...(nodePort !== undefined && { nodePort }),
      })
  }
  return { ports, lacking }
}
