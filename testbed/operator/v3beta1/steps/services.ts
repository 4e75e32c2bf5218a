import type { Service, ServicePort } from '#weir/cluster/kubernetes/kinds.ts'
import { createOrUpdate } from '../../apply.ts'
import { dashboardPorts, listenerPorts } from '../../emqx5/config.ts'
import { hasReplicants, listenersName, roleLabels } from '../../emqx5/names.ts'
import { configured, dashboardService, fromTemplate, headlessService } from '../../emqx5/services.ts'
import type { Pass, Step } from '../pass.ts'
import { isReady } from '../state.ts'

export const addHeadlessService: Step = async (pass) => {
  await createOrUpdate(pass, headlessService(pass.cr))
  return undefined
}

/** Every ready replicant of every set takes clients, or every ready core where no replicant is ready. */
export function listenersService({ cr, state }: Pass, ports: ServicePort[]): Service | undefined {
  const isServing = state.pods.some(
    (pod) => isReady(pod) && pod.metadata.labels?.['apps.emqx.io/db-role'] === 'replicant',
  )
  const role = hasReplicants(cr) && isServing ? 'replicant' : 'core'
  const template = cr.spec.listenersServiceTemplate
  return fromTemplate(cr, listenersName(cr.metadata.name), template, ports, roleLabels(cr, role))
}

/** Written as soon as one core can be asked for its listeners. */
export const addServices: Step = async (pass) => {
  if (pass.requester === undefined) {
    pass.isPostponed = true
    return undefined
  }
  const config = await configured(pass.requester)
  const objects = [
    dashboardService(pass.cr, dashboardPorts(config)),
    listenersService(pass, listenerPorts(config)),
  ]
  for (const wanted of objects) if (wanted !== undefined) await createOrUpdate(pass, wanted)
  return undefined
}
