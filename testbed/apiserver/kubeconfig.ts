import { stringify } from 'yaml'

/** A kubeconfig's text for this server: TLS, since kubectl sends no token over plain HTTP. */
export function kubeconfigOf(options: {
  server: string
  certificate: string
  token: string
  namespace?: string
}): string {
  const name = 'weir'
  const ca = Buffer.from(options.certificate).toString('base64')
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server: options.server, 'certificate-authority-data': ca } }],
    users: [{ name, user: { token: options.token } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: options.namespace ?? 'default' } }],
    'current-context': name,
  })
}
