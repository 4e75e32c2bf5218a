import { isNotFound } from '#weir/cluster/kubernetes/api-errors.ts'
import { isTrue, type Pod } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { messageOf } from '#weir/errors/index.ts'
import type { HoconObject } from '#weir/facts/hocon.ts'
import { printHocon } from '#weir/facts/hocon.ts'
import { createMissing } from '../apply.ts'
import { requesterOf } from '../emqx5/api.ts'
import { addBootstrap } from '../emqx5/bootstrap.ts'
import { configOf } from '../emqx5/config.ts'
import { configMap } from '../emqx5/config-map.ts'
import { type OperatorEnvironment, startReconciler } from '../runtime/reconciler.ts'
import { isSettled } from './conditions.ts'
import type { OperatorHooks, Pass, Step } from './pass.ts'
import { isReady, isUpdated, podsOf, readState } from './state.ts'
import { syncCores } from './steps/cores.ts'
import { syncMembership } from './steps/membership.ts'
import { syncReplicants } from './steps/replicants.ts'
import { addHeadlessService, addServices } from './steps/services.ts'
import { addCores, addReplicants } from './steps/sets.ts'
import { updateStatus } from './steps/update-status.ts'
import type { Emqx } from './types.ts'

const IDLE_MS = 30_000

const addConfig: Step = async (pass) => {
  await createMissing(pass, configMap(pass.cr, printHocon(pass.config)))
  return undefined
}

/** The steps of a pass in their order, which the status begins (docs/contract/operator.md#v3beta1-update). */
const STEPS: [name: string, step: Step][] = [
  ['updateStatus', updateStatus],
  ['syncConfig', addConfig],
  ['addHeadlessService', addHeadlessService],
  ['addCoreSet', addCores],
  ['addReplicantSet', addReplicants],
  ['addService', addServices],
  ['syncCoreSet', syncCores],
  ['syncReplicantSets', syncReplicants],
  ['syncClusterMembership', syncMembership],
]

/** The configuration: text, or the structured one of later releases. */
function readConfig({ spec: { config } }: Emqx): HoconObject {
  return configOf(config?.roots ? JSON.stringify(config.roots) : config?.data)
}

const ordinal = ({ metadata }: Pod) => Number(metadata.name.split('-').at(-1))

/** The core to ask: updated, ready and of the lowest ordinal, as far as there is one. */
async function chooseRequester(pass: Pass): Promise<Pass['requester']> {
  const cores = podsOf(pass, pass.state.cores)
    .filter((pod) => pod.metadata.deletionTimestamp === undefined && isTrue(pod, 'ContainersReady'))
    .sort((a, b) => ordinal(a) - ordinal(b))
  // A core that is evacuated is running but not ready; it answers as well, when no other does.
  const answering = podsOf(pass, pass.state.cores).filter(({ status }) => status?.phase === 'Running')
  const chosen =
    cores.find((pod) => isReady(pod) && isUpdated(pass, pod)) ??
    cores.find(isReady) ??
    cores[0] ??
    answering[0]
  return chosen && requesterOf(pass.env, pass.cr, pass.config, chosen)
}

const EMPTY_STATUS = (): NonNullable<Emqx['status']> => ({
  coreReplicas: 0,
  replicantReplicas: 0,
  coreNodesStatus: { readyReplicas: 0, updatedReplicas: 0, currentReplicas: 0 },
  replicantNodesStatus: { readyReplicas: 0, currentReplicas: 0, updateReplicas: 0 },
})

class StepFailed extends Error {
  constructor(step: string, cause: unknown) {
    super(`reconcile failed at step ${step}, reason: ${messageOf(cause)}`, { cause })
  }
}

/** Reconciles every EMQX of v3beta1. `busyMs` is the pause while a resource is not Ready: 1 s as released. */
export function startEmqxController(env: OperatorEnvironment, hooks: OperatorHooks, busyMs: number) {
  async function reconcile(cr: Emqx): Promise<number> {
    const state = await readState(env, cr)
    const status = { ...EMPTY_STATUS(), ...structuredClone(cr.status ?? {}) }
    const config = readConfig(cr)
    const pass: Pass = { env, hooks, cr, status, config, state, requester: undefined, isPostponed: false }
    await addBootstrap(pass)
    pass.requester = await chooseRequester(pass)
    for (const [name, step] of STEPS) {
      const result = await step(pass).catch((error: unknown) => {
        throw new StepFailed(name, error)
      })
      if (result !== undefined) return result.requeueAfterMs
    }
    return isSettled(pass) && !pass.isPostponed ? IDLE_MS : busyMs
  }

  return startReconciler<Emqx>(env, {
    resource: resources.emqxesOfV3,
    pass: reconcile,
    failed(cr, error) {
      if (!isNotFound(error)) env.recorder.emit(cr, 'Warning', 'ReconcilerFailed', messageOf(error))
    },
  })
}
