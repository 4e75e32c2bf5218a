import { isNotFound, unlessGone } from './kubernetes/api-errors.ts'
import { resources } from './kubernetes/resources.ts'
import type { KubeApi, KubeObject } from './kubernetes/types.ts'
import type { Dialect, Sizes } from './types.ts'

interface ConfigMap extends KubeObject {
  data?: Record<string, string>
}

interface Of {
  kube: KubeApi
  dialect: Dialect
  resource: KubeObject
}

/** The ConfigMap of a stopped cluster. It is the resource's: with it it goes. */
export const stoppedConfigMap = (name: string): string => `weir-stopped-${name}`

/**
 * Remembers how many nodes a cluster has before it is stopped: outside of its resource, whose annotations reach the pods on v1beta4.
 */
export async function rememberSizes({ kube, dialect, resource }: Of, sizes: Sizes): Promise<void> {
  const { name, namespace, uid = '' } = resource.metadata
  const data = { cores: String(sizes.cores), replicants: String(sizes.replicants) }
  const owner = { apiVersion: dialect.apiVersion, kind: dialect.kind, name, uid }
  const metadata = {
    name: stoppedConfigMap(name),
    ...(namespace !== undefined && { namespace }),
    labels: { 'app.kubernetes.io/managed-by': 'weir' },
    ownerReferences: [owner],
  }
  await forgetSizes({ kube, resource })
  await kube.create<ConfigMap>(resources.configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data })
}

/** The sizes of a cluster before it was stopped; undefined when nobody remembers them. */
export async function rememberedSizes({ kube, resource }: Omit<Of, 'dialect'>): Promise<Sizes | undefined> {
  const { name, namespace } = resource.metadata
  const map = await unlessGone(kube.get<ConfigMap>(resources.configMaps, namespace, stoppedConfigMap(name)))
  const cores = Number(map?.data?.cores)
  const replicants = Number(map?.data?.replicants)
  const areCounts = [cores, replicants].every((count) => Number.isInteger(count) && count >= 0)
  return areCounts && cores + replicants > 0 ? { cores, replicants } : undefined
}

/** For a cluster that runs again. */
export async function forgetSizes({ kube, resource }: Omit<Of, 'dialect'>): Promise<void> {
  const { name, namespace } = resource.metadata
  await kube.delete(resources.configMaps, namespace, stoppedConfigMap(name)).catch((error: unknown) => {
    if (!isNotFound(error)) throw error
  })
}
