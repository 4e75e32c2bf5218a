import type { OtherLimit } from './connection-claims.ts'
import { dialects } from './dialects/index.ts'
import { findPod } from './discover/pod.ts'
import { type Finding, unknown, wordsOf } from './discover/types.ts'
import { createKubeApi } from './kubernetes/client.ts'
import { resources } from './kubernetes/resources.ts'
import { type KubeApi, KubeApiError, type KubeObject } from './kubernetes/types.ts'
import { instanceSelector } from './observe/scope.ts'
import { openCluster } from './open.ts'
import { type ClusterKey, registryKey } from './registry.ts'
import type { ClusterOptions, Dialect } from './types.ts'

/**
 * The limits of all other clusters that the user can see, of both kinds: in all namespaces, or in its own where that is all it may list. Each is
 * what its EMQX tells; a cluster without pods has none.
 */
export async function limitsOfOthers(options: ClusterOptions, own: ClusterKey): Promise<OtherLimit[]> {
  const { kubeconfig, context } = options
  const kube = createKubeApi({ kubeconfig, context, namespace: own.namespace })
  try {
    const found = await Promise.all(
      Object.values(dialects).map(async (dialect) =>
        (await visible(kube, dialect, own.namespace)).map((resource) => ({ dialect, resource })),
      ),
    )
    const others = found
      .flat()
      .filter(({ dialect, resource }) => keyOf(dialect, resource) !== registryKey(own))
    return await Promise.all(
      others.map(async ({ dialect, resource }) => ({
        key: keyOf(dialect, resource),
        what: `${dialect.kind} ${resource.metadata.namespace}/${resource.metadata.name}`,
        limit: await limitOf(options, dialect, resource),
      })),
    )
  } finally {
    kube.close()
  }
}

const keyOf = (dialect: Dialect, { metadata: { namespace = 'default', name } }: KubeObject) =>
  registryKey({ dialect, namespace, name })

async function visible(kube: KubeApi, dialect: Dialect, namespace: string): Promise<KubeObject[]> {
  const isStatus = (error: unknown, status: number) =>
    error instanceof KubeApiError && error.status === status
  try {
    return (await kube.list(dialect.resource)).items
  } catch (error) {
    // The server does not know this kind.
    if (isStatus(error, 404)) return []
    if (!isStatus(error, 403)) throw error
  }
  try {
    return (await kube.list(dialect.resource, { namespace })).items
  } catch (error) {
    if (isStatus(error, 404)) return []
    throw error
  }
}

async function limitOf(
  options: ClusterOptions,
  dialect: Dialect,
  { metadata: { namespace, name } }: KubeObject,
): Promise<Finding<number>> {
  try {
    const cluster = await openCluster({
      ...options,
      ...(namespace !== undefined && { namespace }),
      dialect: dialect.id,
      name,
    })
    try {
      const { items } = await cluster.kube.list(resources.pods, {
        namespace: cluster.namespace,
        labelSelector: instanceSelector(name),
      })
      if (items.length === 0) return { found: 0, how: 'it has no pods' }
      const pod = await findPod(cluster.kube, dialect, await cluster.resource())
      if (pod.found === undefined) return pod
      const { most } = await cluster.emqx(pod.found).licence()
      return { found: most, how: `read from pod ${pod.found.name}` }
    } finally {
      await cluster.close()
    }
  } catch (error) {
    return unknown(wordsOf(error))
  }
}
