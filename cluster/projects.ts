import { WeirError } from '#weir/errors/index.ts'
import type { KubeApi } from './kubernetes/types.ts'
import { type ClusterKey, changeRegistry, type Registry, readRegistry, registryKey } from './registry.ts'

/** Which project a cluster belongs to. No object of the cluster itself says so: what is written there may reach its pods. */
export const projectRegistry = (namespace: string): Registry => ({ namespace, name: 'weir-projects' })

/** The project of each cluster that was transferred, by its key in the registry. */
export const readProjects = (kube: KubeApi, namespace: string): Promise<Record<string, string>> =>
  readRegistry(kube, projectRegistry(namespace))

/**
 * Makes a cluster part of a project. `allows` gets the projects as they are at that moment, and throws where the cluster may not be transferred: of
 * two clusters of one name that go to the same project at once one is refused.
 */
export async function transferTo(
  kube: KubeApi,
  namespace: string,
  {
    cluster,
    project,
    allows,
  }: {
    cluster: ClusterKey
    project: string
    allows(projects: Readonly<Record<string, string>>): void
  },
): Promise<void> {
  await changeRegistry(kube, projectRegistry(namespace), (projects) => {
    allows(projects)
    return { [registryKey(cluster)]: project }
  })
}

/** Another cluster of this name in the project, by its key; keys end with the name. */
export const nameTakenBy = (
  projects: Readonly<Record<string, string>>,
  cluster: ClusterKey,
  project: string,
): string | undefined =>
  Object.keys(projects).find(
    (key) => projects[key] === project && key !== registryKey(cluster) && nameOf(key) === cluster.name,
  )

const nameOf = (key: string) => key.split('.').slice(2).join('.')

/** Throws WEIR_REFUSED for a rule that a transfer breaks. */
export function refuseTransfer(what: string, rule: string, figures: string): never {
  throw new WeirError('WEIR_REFUSED', `${what} is not transferred (rule ${rule}): ${figures}`)
}
