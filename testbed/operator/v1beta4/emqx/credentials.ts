import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi, KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { wrap } from '../../runtime/errors.ts'
import { API_USER, bootstrapUserName } from '../names.ts'
import type { EmqxEnterprise } from '../types.ts'

/** The operator's own user of EMQX's API, from the Secret that it made. */
export async function credentials(
  kube: KubeApi,
  cr: EmqxEnterprise,
): Promise<{ user: string; password: string }> {
  const { namespace, name } = cr.metadata
  let secret: KubeObject & { data?: Record<string, string> }
  try {
    secret = await kube.get(resources.secrets, namespace, bootstrapUserName(name))
  } catch (error) {
    throw wrap(error, 'get secret failed')
  }
  const lines = Buffer.from(secret.data?.bootstrap_user ?? '', 'base64')
    .toString()
    .split('\n')
  const own = lines.find((line) => line.startsWith(`${API_USER}:`))
  if (own === undefined) throw new Error('the secret does not contain the bootstrap_user')
  return { user: API_USER, password: own.slice(API_USER.length + 1) }
}
