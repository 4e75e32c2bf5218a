import { resolve } from 'node:path'
import { EMQX_CONTAINER } from '#weir/facts/index.ts'
import { type Endpoint, endpointOf } from '../emqx/endpoint.ts'
import { asClusterError } from '../failure.ts'
import { type FoundResource, findResource } from '../find-resource.ts'
import { unlessGone } from '../kubernetes/api-errors.ts'
import { createKubeApi } from '../kubernetes/client.ts'
import { IN_CLUSTER } from '../kubernetes/connection.ts'
import type { Pod } from '../kubernetes/kinds.ts'
import { resources } from '../kubernetes/resources.ts'
import type { KubeApi } from '../kubernetes/types.ts'
import { instanceSelector } from '../observe/scope.ts'
import type { ClusterOptions, Dialect } from '../types.ts'

/** The user of EMQX's metrics. */
export interface ScrapeUser {
  username: string
  /** A file that Prometheus reads. */
  passwordFile: string
}

export interface ScrapeConfigOptions extends Pick<ClusterOptions, 'kubeconfig' | 'namespace' | 'name'> {
  intervalSeconds: number
  user?: ScrapeUser | undefined
  /** How EMQX's certificate is checked, where the dashboard speaks TLS. */
  tls?: { caFile?: string | undefined; insecure?: boolean | undefined } | undefined
}

/**
 * The configuration with which a Prometheus scrapes the pods of a resource, with the labels that a PodMonitor gives
 * (docs/contract/upgrade.md#graph). It finds the pods by the kubeconfig's current context, from outside the cluster too.
 *
 * @throws WeirError WEIR_KUBECONFIG, WEIR_CLUSTER_UNREACHABLE, WEIR_CLUSTER_FORBIDDEN or WEIR_CLUSTER_UNFIT
 */
export async function scrapeConfig({
  kubeconfig,
  namespace,
  name,
  intervalSeconds,
  user,
  tls,
}: ScrapeConfigOptions): Promise<object> {
  const kube = createKubeApi({ kubeconfig, ...(namespace === undefined ? {} : { namespace }) })
  try {
    const found = await findResource(kube, { name })
    const interval = `${intervalSeconds}s`
    return {
      global: { scrape_interval: interval, scrape_timeout: interval },
      scrape_configs: [
        jobOf(found, await dashboardOf(kube, found, tls !== undefined), {
          ...{ namespace: kube.namespace, kubeconfig, user, tls },
        }),
      ],
    }
  } catch (error) {
    throw asClusterError(error, kube.server, 'list the resources of the EMQX Operator')
  } finally {
    kube.close()
  }
}

/** Where the pods serve their metrics: as one of them says, else as the resource does. */
async function dashboardOf(
  kube: KubeApi,
  { dialect, name }: FoundResource,
  prefersTls: boolean,
): Promise<Endpoint> {
  const labelSelector = instanceSelector(name)
  const [pods, resource] = await Promise.all([
    kube.list<Pod>(resources.pods, { namespace: kube.namespace, labelSelector }),
    unlessGone(kube.get(dialect.resource, kube.namespace, name)),
  ])
  const bindOf = resource ? dialect.apiBind(resource) : () => undefined
  return endpointOf(dialect.emqx.listeners.dashboard, { pod: pods.items[0], bindOf }, prefersTls)
}

function jobOf(
  { dialect, name }: FoundResource,
  { scheme, port }: Endpoint,
  {
    namespace,
    kubeconfig,
    user,
    tls,
  }: Pick<ScrapeConfigOptions, 'kubeconfig' | 'user' | 'tls'> & { namespace: string },
): object {
  const { emqx } = dialect
  const path = new URL(emqx.metricsPath, 'http://pod')
  const parameters = [...path.searchParams.keys()].map((key) => [key, path.searchParams.getAll(key)])
  return {
    job_name: `${namespace}/${name}`,
    metrics_path: path.pathname,
    ...(scheme === 'https' && { scheme, tls_config: tlsConfig(tls) }),
    params: Object.fromEntries(parameters),
    ...basicAuth(emqx, user),
    kubernetes_sd_configs: [
      {
        role: 'pod',
        ...(kubeconfig !== IN_CLUSTER && { kubeconfig_file: resolve(kubeconfig) }),
        namespaces: { names: [namespace] },
        selectors: [{ role: 'pod', label: instanceSelector(name) }],
      },
    ],
    relabel_configs: [
      keep('__meta_kubernetes_pod_container_name', EMQX_CONTAINER),
      { action: 'drop', source_labels: ['__meta_kubernetes_pod_phase'], regex: '(Failed|Succeeded)' },
      // A container has a target per port: with one address they are one.
      address('([0-9.]+)', `$1:${port}`),
      address('(.*:.*)', `[$1]:${port}`),
      label('__meta_kubernetes_namespace', 'namespace'),
      label('__meta_kubernetes_pod_container_name', 'container'),
      label('__meta_kubernetes_pod_name', 'pod'),
    ],
  }
}

const tlsConfig = ({ caFile, insecure }: NonNullable<ScrapeConfigOptions['tls']> = {}) => ({
  ...(caFile !== undefined && { ca_file: resolve(caFile) }),
  ...(insecure && { insecure_skip_verify: true }),
})

const keep = (source: string, regex: string) => ({ action: 'keep', source_labels: [source], regex })
/** Of IPv4, and of IPv6. */
const address = (regex: string, replacement: string) => ({
  source_labels: ['__meta_kubernetes_pod_ip'],
  regex,
  replacement,
  target_label: '__address__',
})
const label = (source: string, target: string) => ({ source_labels: [source], target_label: target })

/** EMQX 4.4 asks for a user of its dashboard, and begins with a known one. */
function basicAuth({ initialUser }: Dialect['emqx'], user: ScrapeUser | undefined): object {
  if (user) return { basic_auth: { username: user.username, password_file: user.passwordFile } }
  return initialUser ? { basic_auth: initialUser } : {}
}
