import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { OperatorEnvironment } from '../environment.ts'
import { startReconciler } from '../runtime/reconciler.ts'
import type { Pass } from './pass.ts'
import { stepsOf } from './reconcile.ts'
import type { EmqxEnterprise } from './types.ts'

/** `no-initial-delay`: between the joining of the new set and its first evacuation the operator does not rest. */
const IMPATIENT_MS = 20

function isImpatient({ env, cr }: Pass): boolean {
  const [newest] = cr.status?.conditions ?? []
  const moving = cr.status?.blueGreenUpdateStatus?.evacuationsStatus !== undefined
  return env.faults.on('no-initial-delay') && newest?.type === 'BlueGreenUpdating' && !moving
}

/** Looks at every EmqxEnterprise: v1beta4, EMQX Enterprise 4.4. */
export function startEnterpriseController(env: OperatorEnvironment) {
  const steps = stepsOf(env.line)
  const unsaid: Pass['unsaid'] = new Map()
  return startReconciler<EmqxEnterprise>(env, {
    resource: resources.emqxEnterprises,
    async pass(cr) {
      const status = unsaid.get(cr.metadata.uid ?? '') ?? cr.status
      const look: Pass = { env, unsaid, cr: status === undefined ? cr : { ...cr, status } }
      for (const step of steps) {
        const result = await step(look)
        if (result !== undefined) return result.requeueAfterMs
      }
      return isImpatient(look) ? IMPATIENT_MS : env.idleMs
    },
    gone: (cr) => unsaid.delete(cr.metadata.uid ?? ''),
  })
}
