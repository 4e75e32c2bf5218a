import type { Service, ServicePort } from '#weir/cluster/kubernetes/kinds.ts'
import { createOrUpdate } from '../../apply.ts'
import { getListenerPorts } from '../emqx/api.ts'
import { aclConfig, licenseSecret } from '../objects/config.ts'
import { headlessService, listenerService } from '../objects/services.ts'
import type { Pass, Requester, Step } from '../pass.ts'
import { listSets } from '../sets.ts'

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
  // A failed question is not an error here: before the first set exists there is nobody to ask. Its price is that the
  // ports which the template does not name leave the Service for this pass.
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
    for (const wish of [license, aclConfig(pass.cr), headlessService(pass.cr), service])
      if (wish !== undefined) await createOrUpdate(pass, wish)
    return undefined
  }
