import { type Pod, selectorOf } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import type { OperatorEnvironment } from '../../environment.ts'
import { wrap } from '../../runtime/errors.ts'
import { dashboardPorts } from '../config.ts'
import type { HoconObject } from '../hocon/value.ts'
import { API_USER, apiKeyName, roleLabels } from '../names.ts'
import type { Requester } from '../pass.ts'
import { areContainersReady } from '../sets.ts'
import type { Emqx } from '../types.ts'

/** The operator's own key of EMQX's API. Throws the API server's own error when the Secret is not there. */
async function credentials(env: OperatorEnvironment, cr: Emqx): Promise<{ user: string; password: string }> {
  const { namespace, name } = cr.metadata
  const secret = await env.kube
    .get<KubeObject & { data?: Record<string, string> }>(resources.secrets, namespace, apiKeyName(name))
    .catch((error: unknown) => {
      throw wrap(error, 'get secret failed')
    })
  const lines = Buffer.from(secret.data?.bootstrap_api_key ?? '', 'base64')
    .toString()
    .split('\n')
  const own = lines.find((line) => line.startsWith(`${API_USER}:`))
  if (own === undefined) throw new Error('the secret does not contain the bootstrap_api_key')
  return { user: API_USER, password: own.slice(API_USER.length + 1) }
}

/** The oldest core of any set whose containers are ready and that nobody has asked to go; of equally old ones any. */
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
 * Whom EMQX's API is asked of in one pass; undefined when there is nobody. Throws an error with a 404 as its cause when
 * the operator's key has not been made.
 */
export async function createRequester(
  env: OperatorEnvironment,
  cr: Emqx,
  config: HoconObject,
): Promise<Requester | undefined> {
  const user = await credentials(env, cr)
  const pod = await target(env, cr)
  const port = dashboardPorts(config)[0]?.port
  if (pod?.status?.podIP === undefined || port === undefined) return undefined
  const of = (ip: string): Requester => ({
    send: (method, path, options = {}) => env.http.send(ip, method, path, { port, ...user, ...options }),
    of,
  })
  return of(pod.status.podIP)
}
