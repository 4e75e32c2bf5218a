import type { AskedPort, NetworkType, TrafficPolicy } from '#weir/facts/index.ts'
import type { Service, Strings } from '../kubernetes/kinds.ts'
import type { KubeObject } from '../kubernetes/types.ts'
import { INSTANCE_LABEL } from '../observe/scope.ts'

/** Name of weir's own Service for clients from outside: it begins with the resource's, so that a run watches it. */
export const externalServiceName = (resource: string) => `${resource}-external`

/** What a Service for clients is to be. */
export interface ServiceExposure {
  network: NetworkType
  ports: readonly AskedPort[]
  annotations: Readonly<Record<string, string>>
  /** Of a load balancer, where a cluster has several kinds. */
  loadBalancerClass?: string | undefined
  externalTrafficPolicy?: TrafficPolicy | undefined
}

/** Labels that tell one set of pods from another: a Service that outlives an update may not ask for them. */
const OF_ONE_SET = ['controller-revision-hash', 'apps.emqx.io/pod-template-hash', 'pod-template-hash']

/**
 * The labels by which the pods are found that the operator's Service leads to, of every set: of these, those that are ready serve. Where the
 * operator writes its endpoints itself its Service has no selector, and that of the headless one stands in.
 */
export function servingPods(name: string, listeners: Service, headless: Service | undefined): Strings {
  const selector = { ...(listeners.spec.selector ?? headless?.spec.selector) }
  for (const label of OF_ONE_SET) delete selector[label]
  return Object.keys(selector).length > 0 ? selector : { [INSTANCE_LABEL]: name }
}

/** Weir's own Service. It belongs to the custom resource and goes with it; its label is none of the operator's, which lists by them. */
export function externalService(
  resource: KubeObject,
  selector: Strings,
  { network, ports, annotations, loadBalancerClass, externalTrafficPolicy }: ServiceExposure,
): Service {
  const { apiVersion, kind, metadata } = resource
  const { namespace = 'default', name, uid } = metadata
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: externalServiceName(name),
      namespace,
      labels: { 'app.kubernetes.io/managed-by': 'weir' },
      annotations: withNote(annotations),
      ownerReferences: [{ apiVersion: apiVersion!, kind: kind!, name, uid: uid! }],
    },
    spec: {
      type: network,
      selector,
      ports: servicePorts(ports),
      ...(externalTrafficPolicy !== undefined && { externalTrafficPolicy }),
      ...(loadBalancerClass !== undefined && { loadBalancerClass }),
    },
  } as Service
}

/** Which annotations weir asked for, by their keys: a cloud adds some of its own, which are not weir's to take away. */
const NOTE = 'weir/annotations'

function withNote(annotations: Readonly<Record<string, string>>): Record<string, string> {
  const keys = Object.keys(annotations)
  return keys.length === 0 ? {} : { ...annotations, [NOTE]: keys.join(',') }
}

/** The annotations that weir asked for on its own Service. */
export function askedAnnotations(service: Service | undefined): Record<string, string> {
  const all = service?.metadata.annotations ?? {}
  const keys = all[NOTE]?.split(',') ?? []
  return Object.fromEntries(Object.entries(all).filter(([key]) => keys.includes(key)))
}

/** Keys that were there and are not wanted are taken away by a merge patch. */
const replaced = (
  before: Readonly<Record<string, string>> | undefined,
  wanted: Readonly<Record<string, string>>,
): Record<string, string | null> => ({
  ...Object.fromEntries(Object.keys(before ?? {}).map((key) => [key, null])),
  ...wanted,
})

/** The template of the operator's Service in a custom resource, as far as it is read. */
export interface ServiceTemplate {
  metadata?: { name?: string; annotations?: Record<string, string> }
  spec?: { ports?: { name?: string; nodePort?: number }[] }
}

/**
 * What the operator's Service is to be, as a merge patch of its template. Ports of the template that are not asked for stay, since clients inside use
 * them; inside alone nothing has a node port.
 */
export function templatePatch(exposure: ServiceExposure, template: ServiceTemplate | undefined) {
  const { metadata, spec } = servicePatch(exposure, template?.metadata?.annotations)
  const others = (template?.spec?.ports ?? []).filter(
    ({ name }) => !exposure.ports.some((port) => port.name === name),
  )
  const isInside = exposure.network === 'ClusterIP'
  const kept = others.map(({ nodePort, ...port }) =>
    isInside || nodePort === undefined ? port : { ...port, nodePort },
  )
  return { metadata, spec: { ...spec, ports: [...kept, ...spec.ports] } }
}

/** The same for weir's own Service, which is there. */
export function externalServicePatch(known: Service, selector: Strings, exposure: ServiceExposure) {
  const annotations = withNote(exposure.annotations)
  const { metadata, spec } = servicePatch({ ...exposure, annotations }, withNote(askedAnnotations(known)))
  return { metadata, spec: { ...spec, selector: replaced(known.spec.selector, selector) } }
}

/** `before`: the annotations that were asked for. What the user does not name stays: a class may not change once it is set. */
function servicePatch(
  { network, ports, annotations, loadBalancerClass, externalTrafficPolicy }: ServiceExposure,
  before: Readonly<Record<string, string>> | undefined,
) {
  return {
    metadata: { annotations: replaced(before, annotations) },
    spec: {
      type: network,
      ports: servicePorts(ports),
      ...(network === 'ClusterIP'
        ? { externalTrafficPolicy: null }
        : externalTrafficPolicy && { externalTrafficPolicy }),
      ...(network === 'LoadBalancer'
        ? loadBalancerClass !== undefined && { loadBalancerClass }
        : { loadBalancerClass: null }),
    },
  }
}

const servicePorts = (ports: readonly AskedPort[]) =>
  ports.map(({ name, port, target, nodePort }) => ({
    name,
    protocol: 'TCP',
    port,
    targetPort: target,
    ...(nodePort !== undefined && { nodePort }),
  }))
