import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Pod } from '#weir/cluster/kubernetes/kinds.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import type { Mount } from './sandbox.ts'

/** Where client libraries look in a pod (client-go: rest.InClusterConfig). */
const AT = '/var/run/secrets/kubernetes.io/serviceaccount'
/** Longer than any run, since nobody renews it. */
const TOKEN_SECONDS = 7 * 86_400

/** A token of the pod's ServiceAccount. Rejects when there is no such account. */
export async function requestToken(kube: KubeApi, pod: Pod): Promise<string> {
  const { namespace = 'default' } = pod.metadata
  const name = pod.spec.serviceAccountName ?? 'default'
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`
  const { status, body } = await kube.raw('POST', path, { spec: { expirationSeconds: TOKEN_SECONDS } })
  const issued = body as { message?: string; status?: { token?: string } }
  if (status >= 300 || issued.status?.token === undefined)
    throw new Error(`no token for ServiceAccount ${namespace}/${name}: ${issued.message ?? status}`)
  return issued.status.token
}

/** The files by which a program in the pod reaches the API server, unless the pod mounts its own or wants none. */
export async function mountServiceAccount(
  kube: KubeApi,
  pod: Pod,
  { dir, certificate }: { dir: string; certificate: string },
): Promise<Mount | undefined> {
  const mounted = pod.spec.containers.some(({ volumeMounts }) =>
    volumeMounts?.some(({ mountPath }) => mountPath === AT),
  )
  if (mounted || pod.spec.automountServiceAccountToken === false) return undefined
  const from = join(dir, 'service-account')
  mkdirSync(from, { recursive: true })
  const files = {
    token: await requestToken(kube, pod),
    'ca.crt': certificate,
    namespace: pod.metadata.namespace ?? 'default',
  }
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(from, name), content, { mode: 0o600 })
  return { from, at: AT }
}
