import type { Container } from '#weir/cluster/kubernetes/kinds.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import type { Credential } from '../emqx/index.ts'
import type { EmqxContainer } from './emqx-pod.ts'
import { readMounted } from './mounted-file.ts'

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
  const file = await readMounted(kube, pod, container, path)
  if (file === undefined) return []
  if ('missing' in file) return file
  return parseCredentials(file.text)
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
