import type { Service, ServicePort } from '#weir/cluster/kubernetes/kinds.ts'
import { type HoconObject, parseHocon } from '#weir/facts/hocon.ts'
import { createOrUpdate, mergePorts, tcpPort } from '../../apply.ts'
import { find } from '../condition-machine.ts'
import { configOf, dashboardPorts, listenerPorts } from '../config.ts'
import { getConfigs } from '../emqx/api.ts'
import {
  dashboardName,
  hasReplicants,
  headlessName,
  listenersName,
  metadataOf,
  roleLabels,
} from '../names.ts'
import type { Requester, Step } from '../pass.ts'
import type { Emqx, ServiceTemplate } from '../types.ts'

/** EMQX's configuration; the operator's four listeners if it has none or cannot be read. */
async function configured(requester: Requester): Promise<HoconObject> {
  try {
    const config = parseHocon(await getConfigs(requester))
    return listenerPorts(config).length > 0 ? config : configOf()
  } catch {
    return configOf()
  }
}

/** Written only while the cores are ready; so they are frozen while new cores start (docs/contract/operator.md#v2beta1-configuration). */
export const addServices: Step = async (pass) => {
  if (find(pass.cr.status, 'CoreNodesReady') === undefined || pass.requester === undefined) return undefined
  const config = await configured(pass.requester)
  const objects = [
    dashboardService(pass.cr, dashboardPorts(config)),
    listenersService(pass.cr, listenerPorts(config)),
  ]
  for (const wanted of objects) if (wanted !== undefined) await createOrUpdate(pass, wanted)
  return undefined
}

/** Cores discover each other by this Service, so it is created before them. */
export const addHeadlessService: Step = async (pass) => {
  await createOrUpdate(pass, headlessService(pass.cr))
  return undefined
}

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
    ports: [tcpPort('erlang-dist', 4370), tcpPort('gen-rpc', 5369)],
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

/** The dashboard and EMQX's API, on cores of every set. The template cannot change its name. */
const dashboardService = (cr: Emqx, ports: ServicePort[]): Service | undefined =>
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
