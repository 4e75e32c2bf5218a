import { isReady, type Pod, type ServicePort, selectorOf } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { createOrUpdate } from '../../apply.ts'
import { getListenerPorts } from '../emqx/api.ts'
import { listenerEndpoints, listenerService } from '../objects/services.ts'
import type { Requester, Step } from '../pass.ts'
import { byNameDescending } from '../sets.ts'

/**
 * 2.2.x: every ready pod of the resource, of old and new sets alike, becomes an endpoint. A pod whose evacuation began
 * in this pass is still ready here, and stays an endpoint until the next pass.
 */
export const addListeners =
  (request: Requester): Step =>
  async (pass) => {
    const { cr, env } = pass
    const { items } = await env.kube.list<Pod>(resources.pods, {
      namespace: cr.metadata.namespace,
      labelSelector: selectorOf(cr.metadata.labels),
    })
    const ready = items.filter(isReady).sort((a, b) => -byNameDescending(a, b))
    if (ready.length === 0) return undefined
    const ports: ServicePort[] = await getListenerPorts(request, pass).catch(() => [])
    const service = listenerService(cr, ports, undefined)
    if (service === undefined) return undefined
    await createOrUpdate(pass, listenerEndpoints(service, ready))
    await createOrUpdate(pass, service)
    return undefined
  }
