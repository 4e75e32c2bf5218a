import { asClusterError } from '#weir/cluster/failure.ts'
import { gatherLogs, type LogsOfCluster, serverName } from '#weir/cluster/index.ts'
import { createKubeApi } from '#weir/cluster/kubernetes/client.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import { WeirError } from '#weir/errors/index.ts'
import { LogSecrets } from '#weir/record/index.ts'
import type { ClusterFlags } from '../cluster-options.ts'
import type { Output } from '../output.ts'
import { clusterRequest } from '../own-cluster/request.ts'
import { offText } from './off.ts'
import type { LogQuery } from './query.ts'
import { EMQX_CATEGORY, productOf, type Row, rowOf } from './row.ts'
import type { Found } from './show.ts'

/** Of each container the last so many lines are searched. */
const MOST_LINES = 20_000

/**
 * The lines that the pods of the namespace's clusters have printed. Throws WEIR_CLUSTER_FORBIDDEN where the user may not read them, and
 * WEIR_CLUSTER_UNFIT where there is no such cluster, or EMQX prints no log.
 */
export async function logsOfCluster(
  kubeconfig: string,
  flags: ClusterFlags,
  query: LogQuery,
  env: Output['env'],
): Promise<Found> {
  const kube = createKubeApi(clusterRequest(kubeconfig, flags, env))
  const stop = new AbortController()
  try {
    const cluster = query.cluster ?? flags.name
    const categories = new Set<string>()
    const { clusters } = await gatherLogs(kube, {
      cluster,
      wants(container, isEmqx) {
        const category = isEmqx ? EMQX_CATEGORY : container
        categories.add(productOf(category))
        return query.product === undefined || productOf(query.product) === productOf(category)
      },
      since: Number.isFinite(query.fromMs) ? new Date(query.fromMs) : undefined,
      tailLines: MOST_LINES,
      signal: stop.signal,
    })
    if (clusters.length === 0) throw noCluster(kube, cluster)
    if (query.product !== undefined && categories.size > 0 && !categories.has(productOf(query.product)))
      throw new WeirError(
        'WEIR_USAGE',
        `there is no product ${query.product} in these clusters: use one of ${[...categories].toSorted().join(', ')}`,
      )
    const off = clusters.flatMap(({ kind, name, setting, containers }) =>
      containers.some(hasEmqxLines) ? [] : (offText(`the log service of ${kind} ${name} is`, setting) ?? []),
    )
    if (off.length === clusters.length) throw new WeirError('WEIR_CLUSTER_UNFIT', off.join('; '))
    return { rows: clusters.flatMap(rowsOf), notes: [...off, ...clusters.flatMap(notesOf)] }
  } catch (error) {
    throw asClusterError(error, kube.server, `read logs (get pods/log) in namespace ${kube.namespace}`)
  } finally {
    stop.abort()
    kube.close()
  }
}

const hasEmqxLines = ({ isEmqx, lines }: LogsOfCluster['containers'][number]) =>
  isEmqx && lines.some(({ text }) => /\[\w+\]|"level"/.test(text))

function noCluster({ namespace, server }: KubeApi, name: string | undefined): WeirError {
  return new WeirError(
    'WEIR_CLUSTER_UNFIT',
    `there is no EMQX cluster${name === undefined ? '' : ` ${name}`} in namespace ${namespace} of ${serverName(server)}: select another with --namespace${name === undefined ? '' : ' or --cluster'}`,
  )
}

function rowsOf({ name, containers }: LogsOfCluster): Row[] {
  return containers.flatMap(({ pod, container, isEmqx, lines }) => {
    const secrets = new LogSecrets()
    const of = { cluster: name, category: isEmqx ? EMQX_CATEGORY : container, pod }
    return lines.map(({ at, text }) => rowOf(of, { at, text: secrets.without(text) }))
  })
}

const notesOf = ({ containers, unread }: LogsOfCluster): string[] => [
  ...unread.map(({ pod, container, why }) => `the log of ${pod} (${container}) cannot be read: ${why}`),
  ...containers.flatMap(({ pod, container, isCut }) =>
    isCut
      ? [
          `of ${pod} (${container}) only the last ${MOST_LINES} lines were searched: narrow the range with --from`,
        ]
      : [],
  ),
]
