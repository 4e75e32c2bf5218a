import { stringify } from 'yaml'
import { selfSigned } from '../tls/certificate.ts'
import { bootstrapBindings, bootstrapRoles } from './access/bootstrap.ts'
import { RBAC_GROUP } from './access/rules.ts'
import { Tokens } from './access/tokens.ts'
import { MASTERS, userNamed } from './access/user.ts'
import { Admission } from './admission/admission.ts'
import { Background } from './background.ts'
import { builtinTypes } from './builtin-types.ts'
import { Catalogue } from './catalogue.ts'
import { type Context, OWN_WRITE } from './context.ts'
import { GarbageCollector } from './garbage-collector.ts'
import { type ApiHooks, HONEST } from './hooks.ts'
import { startHttp } from './http/server.ts'
import { serviceStrategy } from './kinds/service.ts'
import { startNamespaceController } from './namespace-controller.ts'
import { createObject } from './operations/create.ts'
import { Store } from './store.ts'

export interface ApiServerOptions {
  host: string
  /** 0: any free one. */
  port: number
  /** The administrator's bearer token, which allows everything. */
  token: string
  /** Other users and their tokens; RBAC objects define what they may do. */
  users?: { name: string; token: string; groups?: string[] }[]
  nodePortRange?: { first: number; last: number }
  /** Addresses that Services get, "127.3.7." for 127.3.7.2 to 127.3.7.254. */
  clusterIpPrefix: string
  /** Honest when left out. */
  hooks?: ApiHooks
  /** Receives errors of the server's background work. */
  onError?: (error: unknown) => void
}

export interface ApiServer {
  /** "http://host:port"; the same port also speaks TLS. */
  url: string
  /** PEM: what its clients must trust. */
  certificate: string
  /** PEM: its key, by which kubelets know it. */
  key: string
  /** Text of a kubeconfig that reaches it over TLS, as kubectl needs it: it sends no token over plain HTTP. */
  kubeconfig: string
  /** The same for another token, a user's or a ServiceAccount's. */
  kubeconfigFor(token: string, namespace?: string): string
  /** Ends every connection, and listens again at the same address after `downMs`. What is stored stays. */
  restart(downMs: number): Promise<void>
  close(): Promise<void>
}

/**
 * Starts an emulated Kubernetes API server over HTTP and HTTPS, with the namespaces `default` and `kube-system` and the
 * ClusterRoles that everybody has. Rejects with WEIR_ADDRESS_IN_USE when the address is taken.
 */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const store = new Store()
  const services = serviceStrategy(
    {
      nodePorts: options.nodePortRange ?? { first: 30_000, last: 32_767 },
      clusterIpPrefix: options.clusterIpPrefix,
      random: Math.random,
    },
    () => store.list('/services'),
  )
  const { host, port } = options
  const tls = selfSigned(host)
  const context: Context = {
    store,
    kubelet: tls,
    hooks: options.hooks ?? HONEST,
    catalogue: new Catalogue(builtinTypes(services)),
    admission: new Admission(store),
    tokens: new Tokens(store, [
      [options.token, userNamed('admin', [MASTERS])],
      ...(options.users ?? []).map(
        ({ name, token, groups }) => [token, userNamed(name, groups)] satisfies [string, unknown],
      ),
    ]),
  }
  const background = new Background(options.onError ?? reportError)
  const collector = new GarbageCollector(context, background)
  const stops = [startNamespaceController(context, background), () => collector.close()]
  await createFirstObjects(context)
  const server = await startHttp(context, { host, port, tls })
  const kubeconfigFor = (token: string, namespace?: string) =>
    kubeconfigOf({
      server: server.url.replace('http:', 'https:'),
      certificate: tls.certificate,
      token,
      ...(namespace !== undefined && { namespace }),
    })
  return {
    url: server.url,
    ...tls,
    kubeconfig: kubeconfigFor(options.token),
    kubeconfigFor,
    restart: (downMs) => server.restart(downMs),
    async close() {
      for (const stop of stops) stop()
      await server.close()
      await background.close()
    },
  }
}

async function createFirstObjects(context: Context): Promise<void> {
  const create = async (group: string, plural: string, objects: object[]) => {
    const type = context.catalogue.find(group, 'v1', plural)!
    for (const object of objects) await createObject(context, type, undefined, object, OWN_WRITE)
  }
  const namespaces = ['default', 'kube-system'].map((name) => ({ metadata: { name } }))
  await create('', 'namespaces', namespaces)
  await create(RBAC_GROUP, 'clusterroles', bootstrapRoles())
  await create(RBAC_GROUP, 'clusterrolebindings', bootstrapBindings())
}

function reportError(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error))
}

/** A kubeconfig's text for this server: TLS, since kubectl sends no token over plain HTTP. */
function kubeconfigOf(options: {
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
