import { writeFile } from 'node:fs/promises'
import { stringify } from 'yaml'
import { createKubeApi } from '#weir/cluster/kubernetes/client.ts'
import { WeirError } from '#weir/errors/index.ts'

const DAY_SECONDS = 86_400

interface KubeconfigDetails {
  user?: string
  namespace?: string
  /** Of a server that is reached over TLS. */
  certificate?: string
}

/**
 * Writes a kubeconfig that only this user may read. Over plain HTTP kubectl sends no credentials, so the token is part of
 * the server's address as well. Client libraries accept plain HTTP only with insecure-skip-tls-verify.
 */
export async function writeKubeconfig(
  path: string,
  server: string,
  token: string,
  { user = 'weir-admin', namespace = 'default', certificate }: KubeconfigDetails = {},
): Promise<void> {
  const cluster =
    certificate === undefined
      ? { server: `${server}/${token}`, 'insecure-skip-tls-verify': true }
      : { server, 'certificate-authority-data': Buffer.from(certificate).toString('base64') }
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'weir',
    clusters: [{ name: 'weir', cluster }],
    users: [{ name: user, user: { token } }],
    contexts: [{ name: 'weir', context: { cluster: 'weir', user, namespace } }],
  }
  await writeFile(path, stringify(config), { mode: 0o600 })
}

/**
 * Writes a kubeconfig for a ServiceAccount of an embedded cluster, with a new token that is good for a day. `admin` is the
 * path of the cluster's own kubeconfig. Throws WEIR_TESTBED when there is no such ServiceAccount.
 */
export async function writeAccountKubeconfig(
  path: string,
  admin: string,
  { namespace, name }: { namespace: string; name: string },
): Promise<void> {
  const kube = createKubeApi({ kubeconfig: admin })
  try {
    const account = `/api/v1/namespaces/${encodeURIComponent(namespace)}/serviceaccounts/${encodeURIComponent(name)}`
    const spec = { expirationSeconds: DAY_SECONDS }
    const { status, body } = await kube.raw('POST', `${account}/token`, { spec })
    const { message, status: issued } = body as { message?: string; status: { token: string } }
    if (status !== 201)
      throw new WeirError(
        'WEIR_TESTBED',
        `no token for the ServiceAccount ${namespace}/${name} (${message ?? status}): create it first`,
      )
    await writeKubeconfig(path, new URL(kube.server).origin, issued.token, { user: name, namespace })
  } finally {
    kube.close()
  }
}
