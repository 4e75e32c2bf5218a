import { isNotFound } from '#weir/cluster/kubernetes/api-errors.ts'
import { type StatefulSet, selectorOf } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { newest } from '../condition-machine.ts'
import type { Pass, Step } from '../pass.ts'
import { resourceOf, setsOf } from '../sets.ts'

const isIdle = ({ metadata, spec, status }: StatefulSet) =>
  (status?.replicas ?? 0) === 0 &&
  spec.replicas === 0 &&
  (metadata.generation ?? 0) <= (status?.observedGeneration ?? 0) &&
  metadata.deletionTimestamp === undefined

const gone = (error: unknown) => {
  if (!isNotFound(error)) throw error
}

/** The volumes of a set go with it, whoever else may want them. */
async function deleteClaims({ cr, env }: Pass, set: StatefulSet): Promise<void> {
  const { namespace } = cr.metadata
  const { items } = await env.kube.list<KubeObject>(resources.persistentVolumeClaims, {
    namespace,
    labelSelector: selectorOf(set.spec.selector.matchLabels),
  })
  for (const { metadata } of items)
    await env.kube.delete(resources.persistentVolumeClaims, namespace, metadata.name).catch(gone)
}

/** Once everything is settled, the oldest sets beyond revisionHistoryLimit go, if they have no pods. */
export const retireSets: Step = async (pass) => {
  const { cr, env } = pass
  if (newest(cr.status) !== 'Ready') return undefined
  for (const role of ['replicant', 'core'] as const) {
    const { others } = await setsOf(pass, role)
    const excess = Math.max(others.length - cr.spec.revisionHistoryLimit, 0)
    for (const set of others.slice(0, excess).filter(isIdle)) {
      await env.kube.delete(resourceOf(role), cr.metadata.namespace, set.metadata.name).catch(gone)
      if (role === 'core') await deleteClaims(pass, set)
    }
  }
  return undefined
}
