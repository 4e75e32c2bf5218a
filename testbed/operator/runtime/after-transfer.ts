import { unlessGone } from '#weir/cluster/kubernetes/api-errors.ts'
import type { ConfigMap } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi, KubeObject, Resource } from '#weir/cluster/kubernetes/types.ts'

/** The project to which a cluster was transferred, by the list of projects in the namespace `default`; undefined when it was not. */
export async function transferredTo(
  kube: KubeApi,
  resource: Resource,
  { metadata }: KubeObject,
): Promise<string | undefined> {
  const { name, namespace = 'default' } = metadata
  const found = await unlessGone(kube.get<ConfigMap>(resources.configMaps, namespace, 'weir-projects'))
  return found?.data?.[`${resource.plural}.${namespace}.${name}`]
}

interface Pass<CR> {
  cr: CR
  env: { kube: KubeApi }
}

/** What an operator that must leave a transferred cluster alone does once, as hooks of both dialects. */
export function onceTransferred(write: (kube: KubeApi, resource: Resource, cr: KubeObject) => Promise<void>) {
  const looking = (resource: Resource) => {
    const written = new Set<string | undefined>()
    return async ({ cr, env: { kube } }: Pass<KubeObject>) => {
      const { uid } = cr.metadata
      if (written.has(uid) || (await transferredTo(kube, resource, cr)) === undefined) return
      written.add(uid)
      await write(kube, resource, cr)
    }
  }
  return {
    v1beta4<P extends Pass<KubeObject>>(next: { onPass(pass: P): Promise<void> }) {
      const look = looking(resources.emqxEnterprises)
      return {
        async onPass(pass: P) {
          await next.onPass(pass)
          await look(pass)
        },
      }
    },
    v2beta1<P extends Pass<KubeObject>, S>(next: { shownStatus(pass: P, truth: S): Promise<S> }) {
      const look = looking(resources.emqxes)
      return {
        // The operator looks no more at a cluster that has settled.
        pauseMs: () => 1000,
        async shownStatus(pass: P, truth: S) {
          await look(pass)
          return next.shownStatus(pass, truth)
        },
      }
    },
  }
}
