import { WeirError } from '#weir/errors/index.ts'
import { dialects } from './dialects/index.ts'
import { emqxNodeApi } from './emqx/node-api.ts'
import { asClusterError } from './failure.ts'
import { createKubeApi } from './kubernetes/client.ts'
import { type KubeApi, KubeApiError } from './kubernetes/types.ts'
import { observe } from './observe/index.ts'
import { instanceSelector } from './observe/scope.ts'
import { serverName } from './server-name.ts'
import { serviceAddress } from './service-address.ts'
import type { Cluster, ClusterOptions, Dialect } from './types.ts'

/** What EMQX 4.4's dashboard listener accepts until somebody changes it, and what the seed's PodMonitor sends. */
const DEFAULT_CREDENTIALS = { username: 'admin', password: 'public' }

/** The name of the only custom resource, or the one asked for; it need not exist yet when it is asked for. */
async function findResource(kube: KubeApi, dialect: Dialect, name: string | undefined): Promise<string> {
  const { kind, apiVersion } = dialect
  const where = `namespace ${kube.namespace} of ${serverName(kube.server)}`
  const names = await kube.list(dialect.resource, { namespace: kube.namespace }).then(
    ({ items }) => items.map(({ metadata }) => metadata.name),
    (error: unknown) => {
      if (error instanceof KubeApiError && error.status === 404)
        throw new WeirError(
          'WEIR_CLUSTER_UNFIT',
          `${serverName(kube.server)} does not know ${kind} (${apiVersion}): install the EMQX Operator, a release line that serves it`,
          { cause: error },
        )
      throw error
    },
  )
  if (name !== undefined) return name
  if (names.length === 1) return names[0]!
  const what =
    names.length === 0 ? `there is no ${kind}` : `there are ${names.length} ${kind} (${names.join(', ')})`
  throw new WeirError('WEIR_CLUSTER_UNFIT', `${what} in ${where}: say by name which one is meant`)
}

/**
 * Opens the cluster that a kubeconfig names and finds the custom resource under test.
 *
 * @throws WeirError WEIR_KUBECONFIG, WEIR_CLUSTER_UNREACHABLE, WEIR_CLUSTER_FORBIDDEN or WEIR_CLUSTER_UNFIT
 */
export async function openCluster(options: ClusterOptions): Promise<Cluster> {
  const dialect = dialects.v1beta4
  const credentials = options.credentials ?? DEFAULT_CREDENTIALS
  const { kubeconfig, context, namespace } = options
  const kube = createKubeApi({
    kubeconfig,
    ...(context === undefined ? {} : { context }),
    ...(namespace === undefined ? {} : { namespace }),
  })
  const said = async <T>(doing: string, call: () => Promise<T>): Promise<T> => {
    try {
      return await call()
    } catch (error) {
      throw asClusterError(error, kube.server, doing)
    }
  }
  let name: string
  try {
    name = await said(`list ${dialect.resource.plural}`, () => findResource(kube, dialect, options.name))
  } catch (error) {
    kube.close()
    throw error
  }
  const resource = () => kube.get(dialect.resource, kube.namespace, name)
  const apis = new Map<string, ReturnType<typeof emqxNodeApi>>()
  return {
    kube,
    namespace: kube.namespace,
    name,
    dialect,
    operator: options.operator
      ? { line: options.operator, how: 'said by the user' }
      : { how: 'not looked for' },
    resource,
    observe: (tell) =>
      said('watch the objects of the cluster', () =>
        observe({ kube, namespace: kube.namespace, name, dialect }, tell),
      ),
    emqx({ ip }) {
      const known = apis.get(ip)
      if (known) return known
      const api = emqxNodeApi({ host: ip, credentials })
      apis.set(ip, api)
      return api
    },
    serviceAddress: (kind, timeoutMs) =>
      said('read Services and nodes', async () =>
        serviceAddress(
          kube,
          dialect.listenersService(await resource()),
          kind,
          instanceSelector(name),
          timeoutMs,
        ),
      ),
    async close() {
      for (const api of apis.values()) api.close()
      kube.close()
    },
  }
}
