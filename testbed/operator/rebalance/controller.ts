import { isDeepStrictEqual } from 'node:util'
import { timestamp } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { messageOf } from '#weir/errors/index.ts'
import type { EventRecorder } from '../../runtime/event-recorder.ts'
import { type OperatorEnvironment, startReconciler } from '../runtime/reconciler.ts'
import { FINALIZER } from '../v1beta4/names.ts'
import { askStates, requestStart, requestStop } from './requests.ts'
import { type Target, targetName, targetOf } from './target.ts'
import type { Phase, Rebalance, RebalanceState } from './types.ts'

/** Between two looks at a rebalance that is under way, whatever the poll interval. */
const POLL_MS = 5000

/** Where faults change what the operator does with a Rebalance. */
export interface RebalanceHooks {
  /** A cluster that is not ready while its rebalance is under way makes it fail, as released operators have it (docs/contract/operator.md#rebalance). */
  readonly failsUnlessReady: boolean
}

/**
 * Reconciles every Rebalance of v2beta1: it asks EMQX for a rebalance once, and looks until none is listed any more. Completed and Failed
 * are for ever. A Rebalance that is deleted before is stopped.
 */
export function startRebalanceController(
  env: OperatorEnvironment,
  hooks: RebalanceHooks,
  recorder: EventRecorder,
) {
  const replaceStatus = async (rebalance: Rebalance, status: Rebalance['status']): Promise<void> => {
    if (isDeepStrictEqual(status, rebalance.status)) return
    await env.kube.replace(resources.rebalances, { ...rebalance, status }, 'status')
  }

  const enter = async (rebalance: Rebalance, phase: Phase, message?: string): Promise<void> => {
    const now = timestamp(env.clock.now())
    const times = { lastTransitionTime: now, lastUpdateTime: now }
    const condition = {
      type: phase,
      status: 'True',
      reason: phase,
      ...(message && { message }),
      ...times,
    } as const
    await replaceStatus(rebalance, {
      ...rebalance.status,
      phase,
      conditions: [condition, ...(rebalance.status?.conditions ?? [])],
      ...(phase === 'Processing' ? { startedTime: now } : { completedTime: now, rebalanceStates: [] }),
    })
    const isFailed = phase === 'Failed'
    const text = `rebalance is ${phase.toLowerCase()}${isFailed && message ? `: ${message}` : ''}`
    recorder.emit(rebalance, isFailed ? 'Warning' : 'Normal', 'Rebalance', text)
  }

  const setFinalizers = (rebalance: Rebalance, finalizers: string[]): Promise<Rebalance> => {
    const metadata = { ...rebalance.metadata, finalizers }
    return env.kube.replace<Rebalance>(resources.rebalances, { ...rebalance, metadata })
  }

  async function remove(rebalance: Rebalance): Promise<void> {
    const finalizers = rebalance.metadata.finalizers ?? []
    if (!finalizers.includes(FINALIZER)) return
    const { phase, rebalanceStates: [state] = [] } = rebalance.status ?? {}
    const target = phase === 'Processing' ? await targetOf(env, rebalance) : undefined
    const coordinator = state?.coordinator_node ?? target?.nodes[0]
    if (target && coordinator !== undefined) await requestStop(target, coordinator)
    await setFinalizers(
      rebalance,
      finalizers.filter((one) => one !== FINALIZER),
    )
  }

  async function begin(rebalance: Rebalance, target: Target): Promise<number | undefined> {
    const words = targetName(rebalance)
    const failed = async (message: string) => {
      await enter(rebalance, 'Failed', message)
      return undefined
    }
    if (!target.isReady) return failed(`${words} is not ready`)
    if (target.isOpensource) return failed('Only enterprise edition can be rebalanced')
    const held = (rebalance.metadata.finalizers ?? []).includes(FINALIZER)
      ? rebalance
      : await setFinalizers(rebalance, [...(rebalance.metadata.finalizers ?? []), FINALIZER])
    try {
      await requestStart(target, held.spec.rebalanceStrategy)
    } catch (error) {
      await enter(held, 'Failed', `Failed to start rebalance: ${messageOf(error)}`)
      return undefined
    }
    await enter(held, 'Processing')
    return POLL_MS
  }

  async function follow(rebalance: Rebalance, target: Target): Promise<number | undefined> {
    if (hooks.failsUnlessReady && !target.isReady) {
      await enter(rebalance, 'Failed', `${targetName(rebalance)} is not ready`)
      return undefined
    }
    let states: RebalanceState[]
    try {
      states = await askStates(target)
    } catch (error) {
      await enter(rebalance, 'Failed', `Failed to get rebalance status: ${messageOf(error)}`)
      return undefined
    }
    if (states.length > 0) {
      await replaceStatus(rebalance, { ...rebalance.status, rebalanceStates: states })
      return POLL_MS
    }
    await enter(rebalance, 'Completed')
    return undefined
  }

  async function reconcile(rebalance: Rebalance): Promise<number | undefined> {
    if (rebalance.metadata.deletionTimestamp !== undefined) {
      await remove(rebalance)
      return undefined
    }
    const phase = rebalance.status?.phase
    if (phase === 'Completed' || phase === 'Failed') return undefined
    const target = await targetOf(env, rebalance)
    if (target === undefined) {
      await enter(rebalance, 'Failed', `${targetName(rebalance)} is not found`)
      return undefined
    }
    return phase === 'Processing' ? follow(rebalance, target) : begin(rebalance, target)
  }

  return startReconciler<Rebalance>(env, { resource: resources.rebalances, always: true, pass: reconcile })
}
