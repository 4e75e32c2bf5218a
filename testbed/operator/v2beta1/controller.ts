import { isNotFound } from '#weir/cluster/kubernetes/api-errors.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { messageOf } from '#weir/errors/index.ts'
import { HoconError, type HoconObject } from '#weir/facts/hocon.ts'
import { createRequester } from '../emqx5/api.ts'
import { addBootstrap } from '../emqx5/bootstrap.ts'
import { configOf } from '../emqx5/config.ts'
import { type OperatorEnvironment, startReconciler } from '../runtime/reconciler.ts'
import { newest } from './condition-machine.ts'
import type { OperatorHooks, Pass, Step } from './pass.ts'
import { syncConfig } from './steps/config.ts'
import { drain } from './steps/drain.ts'
import { updatePodConditions } from './steps/pod-conditions.ts'
import { retireSets } from './steps/retire-sets.ts'
import { addHeadlessService, addServices } from './steps/services.ts'
import { addBudgets, addCores, addReplicants } from './steps/sets.ts'
import { updateStatus } from './steps/update-status.ts'
import type { Emqx } from './types.ts'

/** The pause after a pass over a resource that is Ready. */
const IDLE_MS = 30_000
const SOON_MS = 1000

/** The steps of a pass in their order (docs/contract/operator.md#v2beta1-passes). Gates and status come twice. */
const STEPS: Step[] = [
  addBootstrap,
  updatePodConditions,
  updateStatus,
  addHeadlessService,
  addCores,
  addReplicants,
  addBudgets,
  syncConfig,
  addServices,
  updatePodConditions,
  updateStatus,
  drain,
  retireSets,
]

/** The message of the innermost cause, for the Event. */
function causeOf(error: unknown): string {
  let found = error
  while (found instanceof Error && found.cause !== undefined) found = found.cause
  return messageOf(found)
}

function isMissing(error: unknown): boolean {
  return isNotFound(error) || (error instanceof Error && isNotFound(error.cause))
}

function readConfig({ recorder }: OperatorEnvironment, cr: Emqx): HoconObject {
  try {
    return configOf(cr.spec.config?.data)
  } catch (error) {
    if (error instanceof HoconError) recorder.emit(cr, 'Warning', 'InvalidConfig', error.message)
    throw error
  }
}

/** Reconciles every EMQX: v2beta1, EMQX 5. `busyMs` is the pause while a resource is not Ready: 1 s as released. */
export function startEmqxController(env: OperatorEnvironment, hooks: OperatorHooks, busyMs: number) {
  async function reconcile(original: Emqx): Promise<number> {
    const cr = { ...original, status: hooks.statusBefore(original) }
    const pass: Pass = { env, hooks, cr, config: readConfig(env, cr), requester: undefined }
    try {
      pass.requester = await createRequester(env, cr, pass.config)
    } catch (error) {
      if (!isMissing(error)) throw error
      await addBootstrap(pass)
      return SOON_MS
    }
    for (const step of STEPS) {
      const result = await step(pass)
      if (result !== undefined) return result.requeueAfterMs
    }
    return hooks.pauseMs(pass, newest(pass.cr.status) === 'Ready' ? IDLE_MS : busyMs)
  }

  return startReconciler<Emqx>(env, {
    resource: resources.emqxes,
    pass: reconcile,
    failed(cr, error) {
      if (!(error instanceof HoconError)) env.recorder.emit(cr, 'Warning', 'ReconcilerFailed', causeOf(error))
    },
    gone: hooks.onDeleted,
  })
}
