import { writeFile } from 'node:fs/promises'
import { stringify } from 'yaml'

/** Writes a kubeconfig that only this user may read. */
export async function writeKubeconfig(path: string, server: string, token: string): Promise<void> {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'weir-embedded',
    clusters: [{ name: 'weir-embedded', cluster: { server } }],
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
