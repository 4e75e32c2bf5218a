import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { LineSwitches } from '../lines.ts'
import { type OperatorEnvironment, startReconciler } from '../runtime/reconciler.ts'
import { createRequester } from './emqx/requester.ts'
import type { OperatorHooks, Pass, Step } from './pass.ts'
import { afterScaleDown } from './settle.ts'
import { blueGreenUpdate } from './steps/blue-green.ts'
import { addPlugins } from './steps/plugins.ts'
import { updatePodConditions } from './steps/pod-conditions.ts'
import { addBootstrapUser, addListeners, addResources } from './steps/resources.ts'
import { addStatefulSet } from './steps/stateful-set.ts'
import { updateStatus } from './steps/update-status.ts'
import type { EmqxEnterprise } from './types.ts'

/** Reconciles every EmqxEnterprise: v1beta4, EMQX Enterprise 4.4. */
export function startEnterpriseController(env: OperatorEnvironment, hooks: OperatorHooks) {
  const steps = stepsOf(env.line)
  return startReconciler<EmqxEnterprise>(env, {
    resource: resources.emqxEnterprises,
    async pass(cr) {
      const pass: Pass = { env, hooks, cr: { ...cr, status: hooks.statusBefore(cr) } }
      await hooks.onPass(pass)
      for (const step of steps) {
        const result = await step(pass)
        if (result !== undefined) return result.requeueAfterMs
      }
      return hooks.pauseMs(pass, env.idleMs)
    },
    gone: hooks.onDeleted,
  })
}

/** The steps of a pass in their order, which makes endpoints and readiness lag behind. */
function stepsOf(line: LineSwitches): Step[] {
  const request = createRequester(line.apiTarget)
  const common = [
    updateStatus(request),
    addBootstrapUser,
    addPlugins,
    addResources(request),
    addStatefulSet,
    blueGreenUpdate(request),
  ]
  if (line.traffic === 'selector') return [...common, updateStatus(request)]
  const settle: Step = async (pass) => {
    await afterScaleDown(pass)
    return undefined
  }
  return [...common, addListeners(request), settle, updateStatus(request), updatePodConditions]
}
