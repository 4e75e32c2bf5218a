import type { Endpoints, Service } from '#weir/cluster/kubernetes/kinds.ts'
import type { Store } from '../store.ts'

interface Reference {
  namespace: string
  name: string
  path?: string
  port?: number
}

/**
 * A webhook's Service as the real server calls it: `https://NAME.NAMESPACE.svc:PORT/PATH`, by which its certificate is checked, and the
 * ready endpoint that it is connected to.
 */
export function resolveService(
  store: Store,
  { namespace, name, path = '', port = 443 }: Reference,
): { named: string; connectTo: { host: string; port: number } | 'nobody' } {
  const named = `https://${name}.${namespace}.svc:${port}${path.startsWith('/') || path === '' ? path : `/${path}`}`
  const service = store.get('/services', namespace, name) as Service | undefined
  const servicePort = service?.spec.ports?.find((one) => one.port === port)
  if (servicePort === undefined)
    throw new Error(
      service === undefined
        ? `service ${JSON.stringify(name)} not found`
        : `no service port ${port} found for service ${JSON.stringify(name)}`,
    )
  const endpoints = store.get('/endpoints', namespace, name) as Endpoints | undefined
  for (const { addresses = [], ports = [] } of endpoints?.subsets ?? []) {
    const target = ports.find((one) => (one.name ?? '') === (servicePort.name ?? ''))
    if (addresses[0] !== undefined && target !== undefined)
      return { named, connectTo: { host: addresses[0].ip, port: target.port } }
  }
  return { named, connectTo: 'nobody' }
}
