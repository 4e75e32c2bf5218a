import type { Service, ServicePort } from '#weir/cluster/kubernetes/kinds.ts'
import { mergePorts } from '../../ports.ts'
import { dashboardName, hasReplicants, headlessName, listenersName, roleLabels } from '../names.ts'
import type { Emqx, ServiceTemplate } from '../types.ts'
import { metadataOf } from './metadata.ts'

const tcp = (name: string, port: number): ServicePort => ({ name, port, protocol: 'TCP', targetPort: port })

/** The Service that gives every core its name. */
export const headlessService = (cr: Emqx): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: metadataOf(cr, headlessName(cr.metadata.name)),
  spec: {
    type: 'ClusterIP',
    clusterIP: 'None',
    sessionAffinity: 'None',
    publishNotReadyAddresses: true,
    selector: roleLabels(cr, 'core'),
    ports: [tcp('erlang-dist', 4370), tcp('gen-rpc', 5369)],
  },
})

function fromTemplate(
  cr: Emqx,
  name: string,
  template: ServiceTemplate | undefined,
  ports: ServicePort[],
  selector: Record<string, string>,
): Service | undefined {
  if (template?.enabled === false) return undefined
  const { labels, annotations } = template?.metadata ?? {}
  const { selector: _, ...spec } = template?.spec ?? {}
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadataOf(cr, name, labels, annotations),
    spec: { ...spec, selector, ports: mergePorts(spec.ports ?? [], ports) },
  }
}

/** The dashboard and EMQX's API, on cores of every set. Its name is fixed, whatever the template says. */
export const dashboardService = (cr: Emqx, ports: ServicePort[]): Service | undefined =>
  fromTemplate(
    cr,
    dashboardName(cr.metadata.name),
    cr.spec.dashboardServiceTemplate,
    ports,
    roleLabels(cr, 'core'),
  )

/**
 * The Service that MQTT clients use: replicants once any is a running node, cores until then, and of every set: which set
 * takes clients is said by the readiness gate of its pods, not here.
 */
export function listenersService(cr: Emqx, ports: ServicePort[]): Service | undefined {
  const served = (cr.status?.replicantNodesStatus?.readyReplicas ?? 0) > 0
  const role = hasReplicants(cr) && served ? 'replicant' : 'core'
  const name = listenersName(cr.metadata.name)
  return fromTemplate(cr, name, cr.spec.listenersServiceTemplate, ports, roleLabels(cr, role))
}
