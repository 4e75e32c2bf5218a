import { type AskedPort, MQTT_PORTS, type MqttListener, type NetworkEvent } from '#weir/facts/index.ts'
import type { Service } from '../kubernetes/kinds.ts'
import { type Listener, listenersOf } from './listeners.ts'

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
        ...named(listener, { name, port: port ?? found?.port ?? MQTT_PORTS[listener] }, by, found),
        target: where,
        ...(nodePort !== undefined && { nodePort }),
      })
  }
  return { ports, lacking }
}

/** In the operator's Service a port of another number stands beside EMQX's own, which clients inside use. */
function named(
  listener: MqttListener,
  { name, port }: { name: string | undefined; port: number },
  by: NetworkEvent['by'],
  found: Listener | undefined,
): Pick<AskedPort, 'name' | 'port'> {
  if (name !== undefined || by === 'weir' || !found) return { name: name ?? listener, port }
  return { name: port === found.port ? found.name : `${listener}-external`, port }
}
