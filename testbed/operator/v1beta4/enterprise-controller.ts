import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { OperatorEnvironment } from '../environment.ts'
import { startReconciler } from '../runtime/reconciler.ts'
import type { OperatorHooks, Pass } from './pass.ts'
import { stepsOf } from './reconcile.ts'
import type { EmqxEnterprise } from './types.ts'

/** Reconciles every EmqxEnterprise: v1beta4, EMQX Enterprise 4.4. */
export function startEnterpriseController(env: OperatorEnvironment, hooks: OperatorHooks) {
  const steps = stepsOf(env.line)
  return startReconciler<EmqxEnterprise>(env, {
    resource: resources.emqxEnterprises,
    async pass(cr) {
      const pass: Pass = { env, hooks, cr: { ...cr, status: hooks.statusBefore(cr) } }
      for (const step of steps) {
        const result = await step(pass)
        if (result !== undefined) return result.requeueAfterMs
      }
      return hooks.pauseMs(pass, env.idleMs)
    },
    gone: hooks.onDeleted,
  })
}
