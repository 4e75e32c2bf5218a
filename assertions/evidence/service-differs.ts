import type { AskedPort, NetworkEvent } from '#weir/facts/index.ts'

/** A Service as a watch tells it: everything is optional, for it comes from outside. */
export interface ServiceSeen {
  metadata?: { annotations?: Record<string, string> }
  spec?: {
    type?: string
    externalTrafficPolicy?: string
    ports?: { name?: string; port?: number; targetPort?: number | string; nodePort?: number }[]
  }
  status?: { loadBalancer?: { ingress?: { ip?: string; hostname?: string }[] } }
}

/** How a Service is not as it was asked for. */
export type Differs =
  | { what: 'type'; is: string; asked: string }
  | { what: 'no-port'; port: string }
  | { what: 'port'; port: string; field: 'port' | 'targetPort' | 'nodePort'; is: string; asked: string }
  | { what: 'policy'; is: string; asked: string }
  | { what: 'no-address' }
  | { what: 'annotation'; key: string; is: string | undefined; asked: string }
  | { what: 'annotation-stays'; key: string }

/** The first way in which it differs; undefined when it is as asked. */
export function differs(service: ServiceSeen, asked: NetworkEvent): Differs | undefined {
  const { type = 'ClusterIP', ports = [] } = service.spec ?? {}
  if (type !== asked.network) return { what: 'type', is: type, asked: asked.network }
  for (const wanted of asked.ports) {
    const found = ports.find(({ name }) => name === wanted.name)
    if (!found) return { what: 'no-port', port: wanted.name }
    const wrong = portDiffers(found, wanted, asked)
    if (wrong) return wrong
  }
  const { externalTrafficPolicy: policy = 'Cluster' } = service.spec ?? {}
  if (asked.externalTrafficPolicy !== undefined && policy !== asked.externalTrafficPolicy)
    return { what: 'policy', is: policy, asked: asked.externalTrafficPolicy }
  const { annotations = {} } = service.metadata ?? {}
  for (const [key, value] of Object.entries(asked.annotations))
    if (annotations[key] !== value) return { what: 'annotation', key, is: annotations[key], asked: value }
  const stays = asked.removed.find((key) => Object.hasOwn(annotations, key))
  if (stays !== undefined) return { what: 'annotation-stays', key: stays }
  const ingress = service.status?.loadBalancer?.ingress ?? []
  return asked.network === 'LoadBalancer' && ingress.length === 0 ? { what: 'no-address' } : undefined
}

function portDiffers(
  found: NonNullable<NonNullable<ServiceSeen['spec']>['ports']>[number],
  wanted: AskedPort,
  { network }: NetworkEvent,
): Differs | undefined {
  const told = (field: 'port' | 'targetPort' | 'nodePort', is: unknown, asked: unknown): Differs => ({
    ...{ what: 'port', port: wanted.name, field, is: String(is ?? 'none'), asked: String(asked) },
  })
  if (found.port !== wanted.port) return told('port', found.port, wanted.port)
  const target = found.targetPort ?? found.port
  if (target !== wanted.target) return told('targetPort', target, wanted.target)
  if (network !== 'NodePort') return undefined
  if (wanted.nodePort !== undefined && found.nodePort !== wanted.nodePort)
    return told('nodePort', found.nodePort, wanted.nodePort)
  return found.nodePort ? undefined : told('nodePort', undefined, 'one that Kubernetes chooses')
}
