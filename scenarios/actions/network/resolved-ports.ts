import { listenersOf } from '#weir/cluster/index.ts'
import type { Service } from '#weir/cluster/kubernetes/kinds.ts'
import { type AskedPort, MQTT_PORTS } from '#weir/facts/index.ts'
import { StepFailure } from '../../run/endings.ts'
import type { NetworkStep } from './network-change.ts'

/** The ports as the cluster has them: where EMQX listens, and in the operator's Service also by its names. Throws a StepFailure. */
export function resolvedPorts({ ports, by }: NetworkStep, operators: Service): AskedPort[] {
  const known = listenersOf(operators)
  return ports.map(({ listener, name, target, port, nodePort }) => {
    const found = known.find((one) => one.listener === listener)
    if (!found && target === undefined)
      throw new StepFailure(
        'failed',
        `rule listener: Service ${operators.metadata.name} names no listener ${listener}; enable it in EMQX first`,
      )
    return {
      listener,
      name: name ?? (by === 'weir' ? listener : (found?.name ?? listener)),
      target: target ?? found!.target,
      port: port ?? MQTT_PORTS[listener],
      ...(nodePort !== undefined && { nodePort }),
    }
  })
}
