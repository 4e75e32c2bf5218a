import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { duplicate, type FieldError, forbiddenField, invalidValue, required } from '../field-error.ts'
import { equal, isObject, type JsonObject, listAt, numberAt, objectIn, textAt } from '../json.ts'
import type { Strategy } from '../resource-type.ts'
import { setDefault } from './pod-spec.ts'
import { allocateAddress, allocateNodePorts, type ServiceRanges } from './service-allocation.ts'

const typeOf = (service: KubeObject) => textAt(service, 'spec', 'type')
const hasNodePorts = (service: KubeObject) => ['NodePort', 'LoadBalancer'].includes(typeOf(service) ?? '')
const hasClusterIp = (service: KubeObject) => typeOf(service) !== 'ExternalName'

/** Defaults of k8s.io/kubernetes pkg/apis/core/v1/defaults.go and of the Service registry. */
function defaultService(service: KubeObject): string[] {
  const spec = objectIn(service, 'spec')
  setDefault(spec, 'type', 'ClusterIP')
  setDefault(spec, 'sessionAffinity', 'None')
  if (spec.sessionAffinity === 'ClientIP')
    setDefault(spec, 'sessionAffinityConfig', { clientIP: { timeoutSeconds: 10_800 } })
  if (hasClusterIp(service)) {
    setDefault(spec, 'internalTrafficPolicy', 'Cluster')
    setDefault(spec, 'ipFamilies', ['IPv4'])
    setDefault(spec, 'ipFamilyPolicy', 'SingleStack')
  }
  if (hasNodePorts(service)) setDefault(spec, 'externalTrafficPolicy', 'Cluster')
  if (spec.type === 'LoadBalancer') setDefault(spec, 'allocateLoadBalancerNodePorts', true)
  for (const port of listAt(spec, 'ports')) {
    setDefault(port, 'protocol', 'TCP')
    if (port.targetPort === undefined || port.targetPort === 0 || port.targetPort === '')
      port.targetPort = port.port
  }
  return []
}

/** Values that the client left out are kept from before (registry/core/service patchAllocatedValues). */
function keepAllocated(service: KubeObject, old: KubeObject): void {
  const spec = service.spec as JsonObject
  const before = old.spec as JsonObject
  if (hasClusterIp(service) && hasClusterIp(old)) {
    if (!spec.clusterIP) spec.clusterIP = before.clusterIP
    if (listAt(spec, 'clusterIPs').length === 0 && spec.clusterIP === before.clusterIP)
      spec.clusterIPs = before.clusterIPs
  }
  if (!hasNodePorts(service) || !hasNodePorts(old)) return
  const ports = listAt(spec, 'ports')
  const used = new Set(ports.map((port) => numberAt(port, 'nodePort') ?? 0))
  const byName = new Map(
    listAt(before, 'ports').map((port) => [port.name ?? '', numberAt(port, 'nodePort') ?? 0]),
  )
  for (const port of ports) {
    const known = byName.get(port.name ?? '')
    if (port.nodePort || !known || used.has(known)) continue
    port.nodePort = known
    used.add(known)
  }
}

/** A type that has none of a field loses it when the client sent it back unchanged (dropTypeDependentFields). */
function dropByType(service: KubeObject, old: KubeObject): void {
  const spec = service.spec as JsonObject
  const before = old.spec as JsonObject
  const nodePorts = (each: JsonObject) => listAt(each, 'ports').map((port) => port.nodePort ?? 0)
  if (hasNodePorts(old) && !hasNodePorts(service)) {
    if (equal(nodePorts(spec), nodePorts(before)))
      for (const port of listAt(spec, 'ports')) delete port.nodePort
    delete spec.externalTrafficPolicy
  }
  if (spec.type !== 'LoadBalancer') delete spec.allocateLoadBalancerNodePorts
  if (hasClusterIp(old) && !hasClusterIp(service))
    for (const field of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy', 'internalTrafficPolicy'])
      delete spec[field]
}

function validatePorts(service: KubeObject): FieldError[] {
  const errors: FieldError[] = []
  const ports = listAt(service, 'spec', 'ports')
  if (
    ports.length === 0 &&
    typeOf(service) !== 'ExternalName' &&
    textAt(service, 'spec', 'clusterIP') !== 'None'
  )
    errors.push(required('spec.ports'))
  ports.forEach((port, i) => {
    const number = numberAt(port, 'port')
    if (number === undefined || number < 1 || number > 65_535)
      errors.push(
        invalidValue(`spec.ports[${i}].port`, number ?? 0, 'must be between 1 and 65535, inclusive'),
      )
    if (ports.length > 1 && !port.name) errors.push(required(`spec.ports[${i}].name`))
    if (port.name && ports.findIndex((other) => other.name === port.name) < i)
      errors.push(duplicate(`spec.ports[${i}].name`, port.name))
    if (port.nodePort && !hasNodePorts(service))
      errors.push(forbiddenField(`spec.ports[${i}].nodePort`, "may not be used when `type` is 'ClusterIP'"))
  })
  return errors
}

/** Services of this server: addresses and node ports come from `ranges`, unless `services()` shows them taken. */
export function serviceStrategy(ranges: ServiceRanges, services: () => KubeObject[]): Strategy {
  return {
    decode: defaultService,
    prepareCreate(service) {
      service.status = { loadBalancer: {} }
    },
    prepareUpdate(service, old) {
      keepAllocated(service, old)
      dropByType(service, old)
    },
    validate(service, old) {
      const errors = validatePorts(service)
      const before = textAt(old, 'spec', 'clusterIP')
      const after = textAt(service, 'spec', 'clusterIP')
      if (old && before && after !== before && hasClusterIp(service) && hasClusterIp(old))
        errors.push(invalidValue('spec.clusterIPs[0]', [after ?? ''], 'may not change once set'))
      const selector = isObject(service.spec) ? service.spec.selector : undefined
      if (selector !== undefined && selector !== null && !isObject(selector))
        errors.push(invalidValue('spec.selector', selector, 'must be a map of strings'))
      return errors
    },
    allocate(service) {
      const others = services().filter((other) => other.metadata.uid !== service.metadata.uid)
      return [
        ...(hasClusterIp(service) ? allocateAddress(service, others, ranges) : []),
        ...(hasNodePorts(service) ? allocateNodePorts(service, others, ranges) : []),
      ]
    },
  }
}
