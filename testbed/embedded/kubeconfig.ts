import { writeFile } from 'node:fs/promises'
import { stringify } from 'yaml'

/**
 * Writes a kubeconfig that only this user may read. Over plain HTTP kubectl sends no credentials, so the token is part of
 * the server's address as well; and client libraries take plain HTTP only when they are told not to look at certificates.
 */
export async function writeKubeconfig(path: string, server: string, token: string): Promise<void> {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'weir-embedded',
    clusters: [
      { name: 'weir-embedded', cluster: { server: `${server}/${token}`, 'insecure-skip-tls-verify': true } },
    ],
    users: [{ name: 'weir-admin', user: { token } }],
    contexts: [
      {
        name: 'weir-embedded',
        context: { cluster: 'weir-embedded', user: 'weir-admin', namespace: 'default' },
      },
    ],
  }
  await writeFile(path, stringify(config), { mode: 0o600 })
}
