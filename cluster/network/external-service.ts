import type { AskedPort, NetworkType } from '#weir/facts/index.ts'
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
  externalTrafficPolicy?: 'Cluster' | 'Local' | undefined
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
      annotations: { ...annotations },
      ownerReferences: [{ apiVersion: apiVersion!, kind: kind!, name, uid: uid! }],
    },
    spec: {
      type: network,
      selector,
      ports: ports.map(({ name: portName, port, target, nodePort }) => ({
        name: portName,
        protocol: 'TCP',
        port,
        targetPort: target,
        ...(nodePort !== undefined && { nodePort }),
      })),
      ...(externalTrafficPolicy !== undefined && { externalTrafficPolicy }),
      ...(loadBalancerClass !== undefined && { loadBalancerClass }),
    },
  } as Service
}

/** What the operator's Service is to be, for its template in the custom resource. Annotations that were there and are not wanted are taken away. */
export function templatePatch(
  { network, ports, annotations, loadBalancerClass, externalTrafficPolicy }: ServiceExposure,
  before: Readonly<Record<string, string>> | undefined,
): { metadata: unknown; spec: unknown } {
  const removed = Object.keys(before ?? {}).filter((key) => !Object.hasOwn(annotations, key))
  return {
    metadata: { annotations: { ...Object.fromEntries(removed.map((key) => [key, null])), ...annotations } },
    spec: {
      type: network,
      ports: ports.map(({ name, port, target, nodePort }) => ({
        name,
        protocol: 'TCP',
        port,
        targetPort: target,
        ...(nodePort !== undefined && { nodePort }),
      })),
      externalTrafficPolicy: network === 'ClusterIP' ? null : (externalTrafficPolicy ?? null),
      loadBalancerClass: loadBalancerClass ?? null,
    },
  }
}
