import {
  type Cluster,
  externalService,
  externalServiceName,
  type ServiceExposure,
} from '#weir/cluster/index.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { type AskedPort, MQTT_PORTS } from '#weir/facts/index.ts'
import type { Step } from '../../types.ts'
import type { Change } from '../change-of.ts'

export type NetworkStep = Extract<Step, { action: 'network' }>

/** The ports with what the step leaves out: the listener's own name and its usual port. */
export const askedPorts = ({ ports }: Pick<NetworkStep, 'ports'>): AskedPort[] =>
  ports.map(({ listener, name = listener, target = MQTT_PORTS[listener], port, nodePort }) => ({
    ...{ listener, name, target, port: port ?? MQTT_PORTS[listener] },
    ...(nodePort !== undefined && { nodePort }),
  }))

/** What the Service is to be. */
export const exposureOf = (step: NetworkStep): ServiceExposure => ({
  network: step.type,
  ports: askedPorts(step),
  annotations: step.annotations,
  loadBalancerClass: step.loadBalancerClass,
  externalTrafficPolicy: step.externalTrafficPolicy,
})

/** What a step of the network writes. Pure: what the step does not name is shown as it usually is. */
export function networkChange(step: NetworkStep, dialect: Cluster['dialect'], resource: KubeObject): Change {
  const { action } = step
  const { namespace = 'default', name } = resource.metadata
  if (step.servedBy === 'operator')
    return { action, patch: dialect.servicePatch(resource, exposureOf(step)), expect: 'accepted' }
  const object = `Service ${namespace}/${externalServiceName(name)}`
  if (step.type === 'ClusterIP')
    return {
      ...{ action, object, expect: 'accepted' },
      says: `weir deletes ${object}, if it is there, and nothing else of the cluster:`,
      patch: { kind: 'Service', metadata: { namespace, name: externalServiceName(name) } },
    }
  return {
    ...{ action, object, expect: 'accepted' },
    says: `weir makes ${object} so, which belongs to the resource and goes with it:`,
    patch: externalService(resource, step.selector ?? {}, exposureOf(step)),
  }
}
