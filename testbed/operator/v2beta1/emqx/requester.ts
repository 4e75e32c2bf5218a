import { type Pod, selectorOf } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { ownCredentials } from '../../credentials.ts'
import type { OperatorEnvironment } from '../../environment.ts'
import { dashboardPorts } from '../config.ts'
import type { HoconObject } from '../hocon/value.ts'
import { API_USER, apiKeyName, roleLabels } from '../names.ts'
import type { Requester } from '../pass.ts'
import { areContainersReady } from '../sets.ts'
import type { Emqx } from '../types.ts'

/** The oldest core, of any set, whose containers are ready and that is not being deleted; any of equally old ones. */
async function target(env: OperatorEnvironment, cr: Emqx): Promise<Pod | undefined> {
  const { items } = await env.kube.list<Pod>(resources.pods, {
    namespace: cr.metadata.namespace,
    labelSelector: selectorOf(roleLabels(cr, 'core')),
  })
  const able = items.filter(
    (pod) => pod.metadata.deletionTimestamp === undefined && areContainersReady(pod) && pod.status?.podIP,
  )
  const ages = able.map(({ metadata }) => metadata.creationTimestamp ?? '').sort()
  const oldest = able.filter(({ metadata }) => (metadata.creationTimestamp ?? '') === ages[0])
  return oldest[Math.floor(env.random() * oldest.length)]
}

/**
 * The requester of one pass; undefined when no core is ready. Throws an error with a 404 as its cause when the operator's key
 * does not exist yet.
 */
export async function createRequester(
  env: OperatorEnvironment,
  cr: Emqx,
  config: HoconObject,
): Promise<Requester | undefined> {
  const { namespace, name } = cr.metadata
  const user = await ownCredentials(env.kube, namespace, apiKeyName(name), 'bootstrap_api_key', API_USER)
  const pod = await target(env, cr)
  const port = dashboardPorts(config)[0]?.port
  if (pod?.status?.podIP === undefined || port === undefined) return undefined
  const of = (ip: string): Requester => ({
    send: (method, path, options = {}) => env.http.send(ip, method, path, { port, ...user, ...options }),
    of,
  })
  return of(pod.status.podIP)
}
