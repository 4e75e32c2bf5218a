import { messageOf } from '#weir/errors/index.ts'
import type { Leftover, LeftoversEvent } from '#weir/facts/index.ts'
import { unlessGone } from './kubernetes/api-errors.ts'
import { resources } from './kubernetes/resources.ts'
import type { KubeApi, KubeObject, Resource } from './kubernetes/types.ts'
import { INSTANCE_LABEL } from './observe/scope.ts'
import type { Dialect } from './types.ts'

/** What is left of a resource that was deleted, and which kinds could not be listed. */
export type Leftovers = Pick<LeftoversEvent, 'found' | 'unlisted'>

interface Deleted {
  namespace: string
  name: string
  uid: string | undefined
}

/** Kinds in which operators make objects for a resource. */
export const kindsLeft = (dialect: Dialect): readonly Resource[] => [
  ...dialect.sets,
  resources.pods,
  resources.services,
  resources.endpointSlices,
  resources.configMaps,
  resources.persistentVolumeClaims,
  resources.podDisruptionBudgets,
  ...dialect.ownKinds,
]

/**
 * Lists what belonged to a resource, by its label and by its owner. Of Secrets only the one is asked for that its operator makes by name, since
 * a right to list them would show weir all others. Throws nothing: what cannot be listed is said.
 */
export async function leftoversOf(kube: KubeApi, dialect: Dialect, deleted: Deleted): Promise<Leftovers> {
  const found: Leftover[] = []
  const unlisted: Leftovers['unlisted'] = []
  const attempt = async (kind: string, look: () => Promise<Leftover[]>) => {
    try {
      found.push(...(await look()))
    } catch (error) {
      unlisted.push({ kind, why: messageOf(error) })
    }
  }
  const { namespace } = deleted
  for (const resource of kindsLeft(dialect))
    await attempt(resource.kind, async () => {
      const { items } = await kube.list(resource, { namespace })
      return items.flatMap(({ metadata }) => {
        const by = belongs(metadata, deleted)
        return by ? [{ kind: resource.kind, name: metadata.name, by }] : []
      })
    })
  await attempt('Secret', async () => {
    const name = dialect.emqx.secret.nameOf(deleted.name)
    const secret = await unlessGone(kube.get(resources.secrets, namespace, name))
    return secret ? [{ kind: 'Secret', name, by: 'name' as const }] : []
  })
  return { found, unlisted }
}

function belongs(
  { labels, ownerReferences }: KubeObject['metadata'],
  { name, uid }: Deleted,
): 'label' | 'owner' | undefined {
  if (labels?.[INSTANCE_LABEL] === name) return 'label'
  return uid !== undefined && ownerReferences?.some((owner) => owner.uid === uid) ? 'owner' : undefined
}
