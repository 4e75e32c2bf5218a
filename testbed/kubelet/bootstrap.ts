import { unlessGone } from '#weir/cluster/kubernetes/api-errors.ts'
import type { Container, Secret } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import type { Credential } from '../emqx/index.ts'
import type { EmqxContainer } from './emqx-pod.ts'

/** Names the file: 4.4's applications, 5.x's API keys. */
const VARIABLES = ['EMQX_MANAGEMENT__BOOTSTRAP_APPS_FILE', 'EMQX_API_KEY__BOOTSTRAP_FILE']

/**
 * Credentials of the management API from the file that the environment names, mounted from a Secret: one `key:secret` a
 * line. Returns "missing" while the Secret does not exist: then the container cannot start yet.
 */
export async function bootstrapCredentials(
  kube: KubeApi,
  { pod, env }: EmqxContainer,
  container: Container,
): Promise<Credential[] | { missing: string; volume: string }> {
  const path = pathOf(env)
  if (path === undefined) return []
  // Mounts may lie inside each other: the innermost holds the file.
  const mount = container.volumeMounts
    ?.filter(({ mountPath }) => path === mountPath || path.startsWith(`${mountPath}/`))
    .sort((a, b) => b.mountPath.length - a.mountPath.length)[0]
  const secretName = pod.spec.volumes?.find(({ name }) => name === mount?.name)?.secret?.secretName
  if (mount === undefined || secretName === undefined) return []
  const key = mount.subPath ?? path.slice(mount.mountPath.length + 1)
  const secret = await unlessGone(kube.get<Secret>(resources.secrets, pod.metadata.namespace, secretName))
  if (secret === undefined) return { missing: secretName, volume: mount.name }
  return parseCredentials(Buffer.from(secret.data?.[key] ?? '', 'base64').toString())
}

/** 5.x reads its variables as HOCON, so a path may stand in quotes. */
function pathOf(env: ReadonlyMap<string, string>): string | undefined {
  for (const name of VARIABLES) {
    const path = env.get(name)
    if (path !== undefined) return path.replace(/^"(.*)"$/, '$1')
  }
  return undefined
}

function parseCredentials(text: string): Credential[] {
  return text
    .split('\n')
    .map((line) => line.trim().split(':'))
    .filter((parts) => parts.length >= 2 && parts[0] !== '')
    .map(([username = '', ...rest]) => ({ username, password: rest.join(':') }))
}
