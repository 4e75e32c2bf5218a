import { randomBytes } from 'node:crypto'
import { isReady, type Pod, type Service, type ServicePort } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { createMissing, createOrUpdate, labelled } from '../../apply.ts'
import { getListenerPorts } from '../emqx/api.ts'
import { headlessService, listenerEndpoints, listenerService } from '../objects/services.ts'
import type { Pass, Requester, Step } from '../pass.ts'
import { byNameDescending, listSets } from '../sets.ts'
import { aclConfig, bootstrapUserSecret, licenseSecret } from './plugins.ts'

/** The set of this revision has taken over, and the one before it still has pods. */
async function replacesAnother(pass: Pass, revision: string): Promise<boolean> {
  const sets = await listSets(pass)
  return sets.length > 1 && sets[0]?.status?.currentRevision === revision
}

/**
 * 2.1.x: the Service takes in exactly the set that the status calls current, from the first pass on that knows one.
 * So all clients' way changes from old to new in one write, in the pass in which the new set has joined.
 */
async function selectorService(pass: Pass, request: Requester): Promise<Service | undefined> {
  const revision = pass.cr.status?.currentStatefulSetVersion
  // A failed request is no error: before the first set exists there is no pod to send it to. But it removes the ports that the
  // template does not name from the Service for this pass.
  const ports: ServicePort[] = await getListenerPorts(request, pass).catch(() => [])
  if (revision === undefined || revision === '') return undefined
  const labels = { ...pass.cr.metadata.labels }
  const keepsOld = pass.hooks.keepsOldServing && (await replacesAnother(pass, revision))
  return listenerService(
    pass.cr,
    ports,
    keepsOld ? labels : { ...labels, 'controller-revision-hash': revision },
  )
}

/** Licence, access rules and the Services that the operator makes by selector. */
export const addResources =
  (request: Requester): Step =>
  async (pass) => {
    const service = pass.env.line.traffic === 'selector' ? await selectorService(pass, request) : undefined
    const license = licenseSecret(pass.cr)
    for (const wanted of [license, aclConfig(pass.cr), headlessService(pass.cr), service])
      if (wanted !== undefined) await createOrUpdate(pass, wanted)
    return undefined
  }

/** A user of EMQX's API with a password of 64 characters; written once, never changed. */
export const addBootstrapUser: Step = async (pass) => {
  await createMissing(pass, bootstrapUserSecret(pass.cr, randomBytes(32).toString('hex')))
  return undefined
}

/**
 * 2.2.x: every ready pod of the resource, of old and new sets alike, becomes an endpoint. A pod whose evacuation began
 * in this pass is still ready here, and stays an endpoint until the next pass.
 */
export const addListeners =
  (request: Requester): Step =>
  async (pass) => {
    const { cr } = pass
    const items = await labelled<Pod>(pass, resources.pods, cr.metadata.labels)
    const ready = items.filter(isReady).sort((a, b) => -byNameDescending(a, b))
    if (ready.length === 0) return undefined
    const ports: ServicePort[] = await getListenerPorts(request, pass).catch(() => [])
    const service = listenerService(cr, ports, undefined)
    if (service === undefined) return undefined
    await createOrUpdate(pass, listenerEndpoints(service, ready))
    await createOrUpdate(pass, service)
    return undefined
  }
