import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { createOrUpdate } from '../../apply.ts'
import { hasReplicants, metadataOf, type Role, roleLabels, roleName } from '../names.ts'
import type { Step } from '../pass.ts'
import type { Emqx, NodesTemplate } from '../types.ts'

function budget(cr: Emqx, role: Role, { metadata, spec }: NodesTemplate): KubeObject {
  const { minAvailable, maxUnavailable } = spec
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: metadataOf(cr, roleName(cr.metadata.name, role)),
    spec: {
      ...(minAvailable !== undefined && { minAvailable }),
      ...(maxUnavailable !== undefined && { maxUnavailable }),
      selector: { matchLabels: { ...roleLabels(cr, role), ...metadata?.labels } },
    },
  }
}

/** One budget per role. Without bounds in the template, Kubernetes assumes one available pod. */
export function budgets(cr: Emqx): KubeObject[] {
  const { coreTemplate, replicantTemplate } = cr.spec
  const core = budget(cr, 'core', coreTemplate)
  return replicantTemplate && hasReplicants(cr) ? [core, budget(cr, 'replicant', replicantTemplate)] : [core]
}

export const addBudgets: Step = async (pass) => {
  for (const budget of budgets(pass.cr)) await createOrUpdate(pass, budget)
  return undefined
}
