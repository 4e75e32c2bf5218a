import { hasReplicants, nodeNameOf } from '../operator/emqx5/names.ts'
import { getEvacuations } from '../operator/v1beta4/emqx/api.ts'
import { listSets, podsBySet, podsOf } from '../operator/v1beta4/sets.ts'
import { evacuate as evacuate4 } from '../operator/v1beta4/steps/blue-green.ts'
import { podsOf as allPods, ownerOf, setsOf } from '../operator/v2beta1/sets.ts'
import { evacuate as evacuate5, type Leaving, nodeOf } from '../operator/v2beta1/steps/evacuate.ts'
import { fault } from './fault.ts'

const isReady = ({ spec, status }: { spec: { replicas: number }; status?: { readyReplicas?: number } }) =>
  (status?.readyReplicas ?? 0) >= spec.replicas

export const evacuateEarly = fault({
  name: 'evacuate-early',
  part: 'operator',
  summary: 'an old node is evacuated although the new set is not ready',
  shownBy: 'upgrade-unpullable',
  caughtBy: ['untouched'],
  // What the operator leaves behind anyway.
  alsoFails: ['as-before', 'conservation', 'gauge-truth', 'available'],
  v1beta4: () => ({
    async beforeDrain(pass, request) {
      const sets = await listSets(pass)
      const old = sets.find(isReady)
      if (old === undefined || sets.every(isReady)) return
      const [first, ...others] = podsOf(await podsBySet(pass, [old]), old)
      if (first === undefined || (await getEvacuations(request, pass)).length > 0) return
      await evacuate4(pass, request, first, others)
    },
  }),
  v2beta1: () => ({
    async beforeDrain(pass, requester) {
      const role = hasReplicants(pass.cr) ? 'replicant' : 'core'
      const { update, current: old } = await setsOf(pass, role)
      if (!update || !old || isReady(update) || !isReady(old)) return
      if ((pass.cr.status?.nodeEvacuationsStatus ?? []).length > 0) return
      const pods = (await allPods(pass)).filter((pod) => ownerOf(pod) === old.metadata.uid)
      const [first, ...others] = pods.sort((a, b) => (a.metadata.name < b.metadata.name ? 1 : -1))
      if (first === undefined) return
      const targets = others.map((pod) => nodeNameOf(pass.cr, role, pod, old))
      const leaving: Leaving = { role, set: old, pods: [first], targets }
      await evacuate5(pass, requester, leaving, await nodeOf(pass, requester, leaving, first))
    },
  }),
})
