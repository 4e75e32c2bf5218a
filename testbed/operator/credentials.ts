import type { Secret } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import { wrapping } from './runtime/errors.ts'

/**
 * The operator's own user of EMQX's API (docs/contract/operator.md#emqx-api-user): a line of a Secret that it made. Throws an
 * error whose cause is the API server's when there is no such Secret.
 */
export async function ownCredentials(
  kube: KubeApi,
  namespace: string | undefined,
  secretName: string,
  key: 'bootstrap_user' | 'bootstrap_api_key',
  user: string,
): Promise<{ user: string; password: string }> {
  const secret = await wrapping(
    'get secret failed',
    kube.get<Secret>(resources.secrets, namespace, secretName),
  )
  const lines = Buffer.from(secret.data?.[key] ?? '', 'base64')
    .toString()
    .split('\n')
  const own = lines.find((line) => line.startsWith(`${user}:`))
  if (own === undefined) throw new Error(`the secret does not contain the ${key}`)
  return { user, password: own.slice(user.length + 1) }
}
