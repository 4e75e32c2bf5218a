import type { Pod, Service, ServicePort } from '#weir/cluster/kubernetes/kinds.ts'
import { mergePorts, ownAnnotations, tcpPort } from '../../apply.ts'
import { API_PORT, headlessName, metadataOf } from '../names.ts'
import type { EmqxEnterprise } from '../types.ts'

/** The Service that gives every pod its name. From 2.2 on the operator sends its requests through it. */
export function headlessService(cr: EmqxEnterprise): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadataOf(cr, headlessName(cr.metadata.name)),
    spec: {
      type: 'ClusterIP',
      clusterIP: 'None',
      publishNotReadyAddresses: true,
      selector: { ...cr.metadata.labels },
      ports: [tcpPort('http-management-8081', API_PORT)],
    },
  }
}

/**
 * The Service that MQTT clients use. A selector names the set that takes clients; without one the operator writes the
 * endpoints itself.
 */
export function listenerService(
  cr: EmqxEnterprise,
  listeners: ServicePort[],
  selector: Record<string, string> | undefined,
): Service | undefined {
  const template = cr.spec.serviceTemplate
  const { selector: _, ...spec } = template?.spec ?? {}
  const ports = mergePorts(spec.ports ?? [], listeners)
  if (ports.length === 0) return undefined
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: template?.metadata?.name ?? cr.metadata.name,
      namespace: cr.metadata.namespace ?? 'default',
      labels: { ...template?.metadata?.labels },
      annotations: { ...(template?.metadata?.annotations ?? ownAnnotations(cr)) },
    },
    spec: { ...spec, ...(selector && { selector }), ports },
  }
}

/** Endpoints as the operator writes them: all these pods are ready, and the Service's port stands for the pods' port. */
export function listenerEndpoints(service: Service, pods: Pod[]) {
  const { name, namespace, labels, annotations } = service.metadata
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name, namespace, labels, annotations },
    subsets: [
      {
        addresses: pods.map((pod) => ({
          ip: pod.status?.podIP ?? '',
          nodeName: pod.spec.nodeName,
          targetRef: {
            kind: 'Pod',
            namespace: pod.metadata.namespace,
            name: pod.metadata.name,
            uid: pod.metadata.uid,
          },
        })),
        ports: (service.spec.ports ?? []).map(({ name: portName, port, protocol }) => ({
          name: portName,
          port,
          protocol: protocol ?? 'TCP',
        })),
      },
    ],
  }
}
