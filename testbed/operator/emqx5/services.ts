import type { Service, ServicePort } from '#weir/cluster/kubernetes/kinds.ts'
import { type HoconObject, parseHocon } from '#weir/facts/hocon.ts'
import { mergePorts, tcpPort } from '../apply.ts'
import { getConfigs, type Requester } from './api.ts'
import { configOf, listenerPorts } from './config.ts'
import { dashboardName, headlessName, metadataOf, roleLabels } from './names.ts'
import type { Emqx5, ServiceTemplate } from './types.ts'

/** EMQX's configuration; the operator's four listeners if it has none or cannot be read. */
export async function configured(requester: Requester): Promise<HoconObject> {
  try {
    const config = parseHocon(await getConfigs(requester))
    return listenerPorts(config).length > 0 ? config : configOf()
  } catch {
    return configOf()
  }
}

/** The Service that gives every core its name. */
export const headlessService = (cr: Emqx5): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: metadataOf(cr, headlessName(cr.metadata.name)),
  spec: {
    type: 'ClusterIP',
    clusterIP: 'None',
    sessionAffinity: 'None',
    publishNotReadyAddresses: true,
    selector: roleLabels(cr, 'core'),
    ports: [tcpPort('erlang-dist', 4370), tcpPort('gen-rpc', 5369)],
  },
})

/** A Service by its template; undefined where it is switched off. */
export function fromTemplate(
  cr: Emqx5,
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

/** The dashboard and EMQX's API, on cores of every set. The template cannot change its name. */
export const dashboardService = (cr: Emqx5, ports: ServicePort[]): Service | undefined =>
  fromTemplate(
    cr,
    dashboardName(cr.metadata.name),
    cr.spec.dashboardServiceTemplate,
    ports,
    roleLabels(cr, 'core'),
  )
