import { unlessGone } from '#weir/cluster/kubernetes/api-errors.ts'
import type { StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { labelled } from '../../apply.ts'
import { newest } from '../condition-machine.ts'
import type { Pass, Step } from '../pass.ts'
import { resourceOf, setsOf } from '../sets.ts'

const isIdle = ({ metadata, spec, status }: StatefulSet) =>
  (status?.replicas ?? 0) === 0 &&
  spec.replicas === 0 &&
  (metadata.generation ?? 0) <= (status?.observedGeneration ?? 0) &&
  metadata.deletionTimestamp === undefined

/** The volumes of a set go with it, whoever else may want them. */
async function deleteClaims(pass: Pass, set: StatefulSet): Promise<void> {
  const claims = resources.persistentVolumeClaims
  for (const { metadata } of await labelled<KubeObject>(pass, claims, set.spec.selector.matchLabels))
    await unlessGone(pass.env.kube.delete(claims, metadata.namespace, metadata.name))
}

/** Once everything is settled, the oldest sets beyond revisionHistoryLimit go, if they have no pods. */
export const retireSets: Step = async (pass) => {
  const { cr, env } = pass
  if (newest(cr.status) !== 'Ready') return undefined
  for (const role of ['replicant', 'core'] as const) {
    const { others } = await setsOf(pass, role)
    const excess = Math.max(others.length - cr.spec.revisionHistoryLimit, 0)
    for (const set of others.slice(0, excess).filter(isIdle)) {
      await unlessGone(env.kube.delete(resourceOf(role), cr.metadata.namespace, set.metadata.name))
      if (role === 'core') await deleteClaims(pass, set)
    }
  }
  return undefined
}
