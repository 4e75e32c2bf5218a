import type { Service, ServicePort } from '#weir/cluster/kubernetes/kinds.ts'
import { createOrUpdate } from '../../apply.ts'
import { dashboardPorts, listenerPorts } from '../../emqx5/config.ts'
import { hasReplicants, listenersName, roleLabels } from '../../emqx5/names.ts'
import { configured, dashboardService, fromTemplate, headlessService } from '../../emqx5/services.ts'
import { find } from '../condition-machine.ts'
import type { Step } from '../pass.ts'
import type { Emqx } from '../types.ts'

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
