import { emqxContainer } from '#weir/facts/index.ts'
import { dialects } from '../dialects/index.ts'
import type { LogSetting } from '../dialects/log-setting.ts'
import type { Pod } from '../kubernetes/kinds.ts'
import { resources } from '../kubernetes/resources.ts'
import { type KubeApi, KubeApiError, type KubeObject } from '../kubernetes/types.ts'
import { instanceSelector } from '../observe/scope.ts'
import { LineReader } from './lines.ts'
import { type LogLine, logPath } from './log-request.ts'

/** What the containers of one cluster have printed, as far as it was read. */
export interface LogsOfCluster {
  name: string
  kind: string
  setting: LogSetting
  containers: {
    pod: string
    container: string
    isEmqx: boolean
    lines: LogLine[]
    /** Older lines were not read. */
    isCut: boolean
  }[]
  /** Pods that went, or containers that had not started, when their logs were asked for. */
  unread: { pod: string; container: string; why: string }[]
}

export interface ClusterLogs {
  clusters: LogsOfCluster[]
}

export interface GatherOptions {
  /** Only the cluster of this name. */
  cluster?: string | undefined
  /** Only containers for which it is true. */
  wants(container: string, isEmqx: boolean): boolean
  since?: Date | undefined
  /** Of each container, the last so many lines. */
  tailLines: number
  signal: AbortSignal
}

/**
 * Reads the logs of the pods of every EMQX cluster in the namespace, of both kinds of resource. Throws KubeApiError as the server
 * refuses, e.g. with 403 for a user who may not read pods/log.
 */
export async function gatherLogs(kube: KubeApi, options: GatherOptions): Promise<ClusterLogs> {
  const listed = await Promise.all(
    Object.values(dialects).map(async (dialect) => {
      const items = await unlessUnserved(kube, dialect.resource)
      return items.map((resource) => ({ dialect, resource }))
    }),
  )
  const wanted = listed
    .flat()
    .filter(({ resource }) => options.cluster === undefined || resource.metadata.name === options.cluster)
  const clusters: LogsOfCluster[] = []
  for (const { dialect, resource } of wanted) {
    const { name } = resource.metadata
    const setting = dialect.logSetting(resource)
    clusters.push({ name, kind: dialect.kind, setting, ...(await podsOf(kube, name, options)) })
  }
  return { clusters }
}

/** The objects of a kind; none where the server does not know it. */
async function unlessUnserved(
  kube: KubeApi,
  resource: (typeof dialects)['v1beta4']['resource'],
): Promise<KubeObject[]> {
  try {
    return (await kube.list(resource, { namespace: kube.namespace })).items
  } catch (error) {
    if (error instanceof KubeApiError && error.status === 404) return []
    throw error
  }
}

async function podsOf(
  kube: KubeApi,
  name: string,
  options: GatherOptions,
): Promise<Pick<LogsOfCluster, 'containers' | 'unread'>> {
  const { items } = await kube.list<Pod>(resources.pods, {
    namespace: kube.namespace,
    labelSelector: instanceSelector(name),
  })
  const containers: LogsOfCluster['containers'] = []
  const unread: LogsOfCluster['unread'] = []
  for (const { metadata, spec } of items.toSorted((a, b) => a.metadata.name.localeCompare(b.metadata.name))) {
    const emqx = emqxContainer(spec.containers)
    for (const one of spec.containers) {
      const of = { pod: metadata.name, container: one.name }
      const isEmqx = one === emqx
      if (!options.wants(one.name, isEmqx)) continue
      try {
        const lines = await readLog(kube, of, options)
        containers.push({ ...of, isEmqx, lines, isCut: lines.length >= options.tailLines })
      } catch (error) {
        const status = error instanceof KubeApiError ? error.status : undefined
        if (status !== 404 && status !== 400) throw error
        unread.push({ ...of, why: (error as KubeApiError).message })
      }
    }
  }
  return { containers, unread }
}

async function readLog(
  kube: KubeApi,
  of: { pod: string; container: string },
  { since, tailLines, signal }: GatherOptions,
): Promise<LogLine[]> {
  const path = logPath({ namespace: kube.namespace, ...of }, { since, tailLines })
  const reader = new LineReader()
  const lines: LogLine[] = []
  for await (const chunk of await kube.stream(path, signal)) lines.push(...reader.take(chunk))
  lines.push(...reader.end())
  return lines
}
