import { isAlreadyExists, isConflict, unlessGone } from './kubernetes/api-errors.ts'
import type { ConfigMap } from './kubernetes/kinds.ts'
import { resources } from './kubernetes/resources.ts'
import type { KubeApi } from './kubernetes/types.ts'
import type { Dialect } from './types.ts'

/** A ConfigMap in which every weir writes what belongs to several clusters. */
export interface Registry {
  namespace: string
  name: 'weir-licence' | 'weir-projects'
}

/** How often a change is tried again after somebody else's came first. */
const TRIES = 50

/** What identifies a cluster in a registry. */
export interface ClusterKey {
  dialect: Pick<Dialect, 'resource'>
  namespace: string
  name: string
}

/** A key of a ConfigMap. A namespace has no dot, so no two clusters share one. */
export const registryKey = ({ dialect, namespace, name }: ClusterKey): string =>
  `${dialect.resource.plural}.${namespace}.${name}`

export async function readRegistry(
  kube: KubeApi,
  { namespace, name }: Registry,
): Promise<Record<string, string>> {
  const found = await unlessGone(kube.get<ConfigMap>(resources.configMaps, namespace, name))
  return found?.data ?? {}
}

/**
 * Changes a registry so that of several changes at once each sees those before it. `decide` gets the entries and returns those that it sets, or
 * removes by null; it is called again when another change came first. What it throws ends the change, and nothing is written.
 */
export async function changeRegistry(
  kube: KubeApi,
  { namespace, name }: Registry,
  decide: (
    entries: Readonly<Record<string, string>>,
  ) => Promise<Record<string, string | null>> | Record<string, string | null>,
): Promise<void> {
  for (let tries = 1; ; tries++) {
    const found = await unlessGone(kube.get<ConfigMap>(resources.configMaps, namespace, name))
    const data = await decide(found?.data ?? {})
    try {
      if (found) {
        const { resourceVersion } = found.metadata
        const body = { metadata: { resourceVersion }, data }
        await kube.patch<ConfigMap>(resources.configMaps, namespace, name, 'merge', body)
      } else {
        const kept = Object.entries(data).flatMap(([key, value]) =>
          value === null ? [] : [[key, value] as const],
        )
        await kube.create<ConfigMap>(resources.configMaps, {
          ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace } },
          data: Object.fromEntries(kept),
        })
      }
      return
    } catch (error) {
      if (tries === TRIES || !(isConflict(error) || isAlreadyExists(error))) throw error
    }
  }
}
