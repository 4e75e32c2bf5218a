import { emqxHttp } from './emqx/http.ts'
import { asClusterError } from './failure.ts'
import { findResource } from './find-resource.ts'
import { createKubeApi } from './kubernetes/client.ts'
import { observe } from './observe/index.ts'
import { instanceSelector } from './observe/scope.ts'
import { serviceAddress } from './service-address.ts'
import type { Cluster, ClusterOptions, EmqxNodeApi } from './types.ts'

/** What EMQX 4.4's dashboard listener accepts until somebody changes it, and what the seed's PodMonitor sends. */
const DEFAULT_CREDENTIALS = { username: 'admin', password: 'public' }

const EMQX_TIMEOUT_MS = 5000

/**
 * Opens the cluster that a kubeconfig names and finds the custom resource under test.
 *
 * @throws WeirError WEIR_KUBECONFIG, WEIR_CLUSTER_UNREACHABLE, WEIR_CLUSTER_FORBIDDEN or WEIR_CLUSTER_UNFIT
 */
export async function openCluster(options: ClusterOptions): Promise<Cluster> {
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
  let found: Awaited<ReturnType<typeof findResource>>
  try {
    found = await said('list the resources of the EMQX Operator', () => findResource(kube, options))
  } catch (error) {
    kube.close()
    throw error
  }
  const { dialect, name } = found
  const resource = () => kube.get(dialect.resource, kube.namespace, name)
  const apis = new Map<string, { api: EmqxNodeApi; close(): void }>()
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
      if (known) return known.api
      const http = emqxHttp({ host: ip, port: dialect.emqx.port, credentials, timeoutMs: EMQX_TIMEOUT_MS })
      const api = dialect.emqx.over(http)
      apis.set(ip, { api, close: http.close })
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
      for (const one of apis.values()) one.close()
      kube.close()
    },
  }
}
