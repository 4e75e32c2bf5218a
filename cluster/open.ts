import { WeirError } from '#weir/errors/index.ts'
import { clientAddresses } from './client-addresses.ts'
import { findOperator } from './discover/operator.ts'
import { asClusterError } from './failure.ts'
import { findResource } from './find-resource.ts'
import { createKubeApi } from './kubernetes/client.ts'
import { observe } from './observe/index.ts'
import { instanceSelector } from './observe/scope.ts'
import { AccessFinder } from './routes/access.ts'
import { EndpointFinder } from './routes/endpoint-finder.ts'
import { PodHttp } from './routes/pod-http.ts'
import { RouteChoice } from './routes/route-choice.ts'
import type { Cluster, ClusterOptions, Dialect, EmqxNodeApi } from './types.ts'

/**
 * Opens the cluster that a kubeconfig names and finds the custom resource under test, and the operator.
 *
 * @throws WeirError WEIR_KUBECONFIG, WEIR_CLUSTER_UNREACHABLE, WEIR_CLUSTER_FORBIDDEN or WEIR_CLUSTER_UNFIT
 */
export async function openCluster(options: ClusterOptions): Promise<Cluster> {
  const { kubeconfig, context, namespace, impersonate } = options
  const kube = createKubeApi({
    kubeconfig,
    impersonate,
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
  let operator: Cluster['operator']
  try {
    found = await said('list the resources of the EMQX Operator', () => findResource(kube, options))
    refuseCredentials(found.dialect, options.credentials)
    operator = options.operator
      ? { line: options.operator, how: 'set by the user' }
      : await said('list Deployments', () => findOperator(kube))
  } catch (error) {
    kube.close()
    throw error
  }
  const { dialect, name } = found
  const resource = () => kube.get(dialect.resource, kube.namespace, name)
  const { wayIn = {} } = options
  const clientService = async () => wayIn.service ?? dialect.listenersService(await resource())
  const { apiBind } = dialect
  const endpoints = new EndpointFinder({ kube, resource, apiBind, tls: options.emqxTls })
  const access = new AccessFinder(kube, name, dialect.emqx, options.credentials)
  const choice = new RouteChoice()
  const pods = new Map<string, { http: PodHttp; api: EmqxNodeApi }>()
  return {
    kube,
    namespace: kube.namespace,
    name,
    dialect,
    operator,
    resource,
    observe: (tell) =>
      said('watch the objects of the cluster', () =>
        observe({ kube, namespace: kube.namespace, name, dialect, clientService: wayIn.service }, tell),
      ),
    emqx(pod) {
      const key = `${pod.name} ${pod.ip}`
      const known = pods.get(key)
      if (known) return known.api
      const http = new PodHttp(kube, pod, { access, choice, endpoints })
      const api = dialect.emqx.over(http)
      pods.set(key, { http, api })
      return api
    },
    get route() {
      return choice.route
    },
    async emqxUser() {
      const { credentials, from } = await said("read EMQX's API key", () => access.get())
      return { ...(credentials ? { username: credentials.username } : {}), from }
    },
    emqxEndpoint: (pod) =>
      said(`read pod ${pod.name}`, async () => endpoints.of(pod.name, (await access.get()).listener)),
    wayIn,
    clientService,
    clientAddresses: (kind, timeoutMs) =>
      said('read Services and nodes', async () => {
        if (wayIn.addresses) return [...wayIn.addresses]
        const { listener, protocol } = wayIn
        const wanted = { kind, listener, protocol, podSelector: instanceSelector(name) }
        return clientAddresses(kube, await clientService(), wanted, timeoutMs)
      }),
    async close() {
      for (const { http } of pods.values()) http.close()
      kube.close()
    },
  }
}

/** Refuses credentials that EMQX would answer with 401 each time. */
function refuseCredentials({ emqx }: Dialect, credentials: ClusterOptions['credentials']): void {
  if (emqx.keysOnly && credentials?.kind === 'user')
    throw new WeirError(
      'WEIR_CLUSTER_UNFIT',
      `the HTTP API of EMQX 5 does not accept a dashboard user: set ${emqx.saying} instead of WEIR_EMQX_USER and WEIR_EMQX_PASSWORD`,
    )
}
