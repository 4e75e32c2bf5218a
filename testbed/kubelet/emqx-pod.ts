import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { type KubeApi, KubeApiError, type KubeObject } from '#weir/cluster/kubernetes/types.ts'
import type { Credential } from '../emqx/index.ts'
import type { Container, Pod } from './types.ts'

const INSTANCE_LABEL = 'apps.emqx.io/instance'

/**
 * The Erlang node name of an EMQX container: EMQX_NODE__NAME or EMQX_NODE_NAME in full, else EMQX_NAME, else the instance label, in
 * front of the pod's name in its headless Service.
 */
export function nodeNameOf(pod: Pod, container: Container): string {
  const env = environmentOf(container)
  const full = env.get('EMQX_NODE__NAME') ?? env.get('EMQX_NODE_NAME')
  if (full?.includes('@')) return full
  const { name, namespace = 'default', labels } = pod.metadata
  const prefix = env.get('EMQX_NAME') ?? full ?? labels?.[INSTANCE_LABEL] ?? 'emqx'
  const host = pod.spec.hostname ?? name
  const domain =
    env.get('EMQX_CLUSTER__DNS__NAME') ??
    (pod.spec.subdomain === undefined ? undefined : `${pod.spec.subdomain}.${namespace}.svc.cluster.local`)
  return domain === undefined ? `${prefix}@${host}` : `${prefix}@${host}.${domain}`
}

/** Nodes that find each other through one discovery name form one EMQX cluster. */
export function clusterKeyOf(pod: Pod, container: Container): string {
  const { namespace = 'default', labels, name } = pod.metadata
  const discovery = environmentOf(container).get('EMQX_CLUSTER__DNS__NAME')
  return discovery ?? `${namespace}/${labels?.[INSTANCE_LABEL] ?? pod.spec.subdomain ?? name}`
}

function environmentOf(container: Container): Map<string, string> {
  const values = new Map<string, string>()
  for (const { name, value } of container.env ?? [])
    if (value !== undefined && value !== '') values.set(name, value)
  return values
}

/**
 * API applications from the file that EMQX_MANAGEMENT__BOOTSTRAP_APPS_FILE names, mounted from a Secret: one `key:secret` a
 * line. Returns "missing" while the Secret does not exist: then the container cannot start yet.
 */
export async function bootstrapCredentials(
  kube: KubeApi,
  pod: Pod,
  container: Container,
): Promise<Credential[] | { missing: string; volume: string }> {
  const path = environmentOf(container).get('EMQX_MANAGEMENT__BOOTSTRAP_APPS_FILE')
  if (path === undefined) return []
  // Mounts may lie inside each other: the innermost holds the file.
  const mount = container.volumeMounts
    ?.filter(({ mountPath }) => path === mountPath || path.startsWith(`${mountPath}/`))
    .sort((a, b) => b.mountPath.length - a.mountPath.length)[0]
  const secretName = pod.spec.volumes?.find(({ name }) => name === mount?.name)?.secret?.secretName
  if (mount === undefined || secretName === undefined) return []
  const key = mount.subPath ?? path.slice(mount.mountPath.length + 1)
  try {
    const secret = await kube.get<KubeObject & { data?: Record<string, string> }>(
      resources.secrets,
      pod.metadata.namespace,
      secretName,
    )
    return parseApplications(Buffer.from(secret.data?.[key] ?? '', 'base64').toString())
  } catch (error) {
    if (error instanceof KubeApiError && error.status === 404)
      return { missing: secretName, volume: mount.name }
    throw error
  }
}

function parseApplications(text: string): Credential[] {
  return text
    .split('\n')
    .map((line) => line.trim().split(':'))
    .filter((parts) => parts.length >= 2 && parts[0] !== '')
    .map(([username = '', ...rest]) => ({ username, password: rest.join(':') }))
}
