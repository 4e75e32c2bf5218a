import { type Finding, listenersOf } from '#weir/cluster/index.ts'
import type { Service } from '#weir/cluster/kubernetes/kinds.ts'
import type { AskedPort, MqttListener, NetworkEvent, NetworkType, TrafficPolicy } from '#weir/facts/index.ts'
import { type Before, type Broken, guarded, running } from './guard.ts'

export interface NetworkRequest extends Before {
  network: NetworkType
  by: NetworkEvent['by']
  ports: readonly AskedPort[]
  annotations: Readonly<Record<string, string>>
  /** Listeners that are wanted, and that EMQX does not have. */
  lacking: readonly MqttListener[]
  /** The Service that the operator makes for clients. */
  operators: Finding<Service>
  /** Weir's own, where it is there. */
  own: Service | undefined
  /** All other Services of the cluster. */
  others: readonly Service[]
  externalTrafficPolicy?: TrafficPolicy | undefined
  /** Annotations of the Service that is changed, as they are asked for now. */
  had: Readonly<Record<string, string>>
  acceptsIpChange: boolean
}

/** Whether clients may come in from outside in another way. Throws WEIR_REFUSED. */
export const guardNetwork = (request: NetworkRequest): void =>
  guarded(request, 'given another network', [
    known(request),
    listening(request),
    another(request),
    exposedAlready(request),
    sameAddress(request),
    running(request),
  ])

const known = ({ operators }: NetworkRequest): Broken | undefined =>
  operators.found === undefined
    ? { rule: 'service-known', figures: `the operator's Service for clients is unknown: ${operators.why}` }
    : undefined

function listening({ lacking, operators }: NetworkRequest): Broken | undefined {
  const [listener] = lacking
  if (listener === undefined || operators.found === undefined) return undefined
  const has = listenersOf(operators.found).map((one) => one.listener)
  return {
    rule: 'listener',
    figures: `EMQX has no listener ${listener}, only ${has.join(', ') || 'none for MQTT'}: enable it in EMQX first`,
  }
}

/** What another Service shows to the outside this one cannot take back. */
function exposedAlready({ by, network, operators, own, others }: NetworkRequest): Broken | undefined {
  if (network === 'ClusterIP') return undefined
  const rule = 'exposed-already'
  const shows = (service: Service | undefined) => (service?.spec.type ?? 'ClusterIP') !== 'ClusterIP'
  const what = ({ metadata, spec }: Service) => `Service ${metadata.name}, of type ${spec.type},`
  if (by === 'weir' && shows(operators.found))
    return {
      rule,
      figures: `${what(operators.found!)} which is the operator's, shows every listener: make it ClusterIP first, with --by operator`,
    }
  if (by === 'operator' && shows(own))
    return { rule, figures: `${what(own!)} which is weir's own, shows listeners besides: take it back first` }
  const other = others.find(shows)
  return (
    other && {
      rule,
      figures: `${what(other)} which is neither the operator's nor weir's, leads to the outside: take it back first`,
    }
  )
}

function another(request: NetworkRequest): Broken | undefined {
  const { by, network, operators, own, ports, annotations, had, externalTrafficPolicy } = request
  const service = by === 'operator' ? operators.found : own
  if (!service)
    return network === 'ClusterIP'
      ? { rule: 'no-change', figures: `weir has made no Service for clients from outside${hint(request)}` }
      : undefined
  const { name } = service.metadata
  if (by === 'weir' && network === 'ClusterIP') return undefined
  const isSame =
    (service.spec.type ?? 'ClusterIP') === network &&
    (network === 'ClusterIP' || (samePorts(service, ports, by) && sameAnnotations(annotations, had))) &&
    (externalTrafficPolicy ?? service.spec.externalTrafficPolicy) === service.spec.externalTrafficPolicy
  return isSame
    ? {
        rule: 'no-change',
        figures: `Service ${name} is of type ${network} already, with these ports and annotations`,
      }
    : undefined
}

function hint({ operators }: NetworkRequest): string {
  const { type = 'ClusterIP' } = operators.found?.spec ?? {}
  return type === 'ClusterIP'
    ? ''
    : `; the operator's Service ${operators.found?.metadata.name} is of type ${type}: change it with --by operator`
}

/** The operator's Service has every listener besides. */
function samePorts(service: Service, wanted: readonly AskedPort[], by: NetworkEvent['by']): boolean {
  const has = service.spec.ports ?? []
  return (
    (by === 'operator' || has.length === wanted.length) &&
    wanted.every(({ name, port, target, nodePort }) =>
      has.some(
        (one) =>
          one.name === name &&
          one.port === port &&
          (one.targetPort ?? one.port) === target &&
          (nodePort === undefined || one.nodePort === nodePort),
      ),
    )
  )
}

const sameAnnotations = (a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>) =>
  Object.keys({ ...a, ...b }).every((key) => a[key] === b[key])

/** Clouds make a load balancer anew for other annotations, and take it away with its type. */
function sameAddress({
  by,
  network,
  operators,
  own,
  annotations,
  had,
  acceptsIpChange,
}: NetworkRequest): Broken | undefined {
  const service = by === 'operator' ? operators.found : own
  if (acceptsIpChange || service?.spec.type !== 'LoadBalancer') return undefined
  const { name } = service.metadata
  const unless = 'add --accept-ip-change if clients can bear that'
  if (network !== 'LoadBalancer')
    return {
      rule: 'ip-change',
      figures: `the address of the load balancer of Service ${name} goes: ${unless}`,
    }
  return sameAnnotations(annotations, had)
    ? undefined
    : {
        rule: 'ip-change',
        figures: `with other annotations the load balancer of Service ${name} may get another address: ${unless}`,
      }
}
