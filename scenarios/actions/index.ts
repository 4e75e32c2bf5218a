import type { Run } from '../run/run.ts'
import type { Step } from '../types.ts'
import { apply } from './apply.ts'
import { change } from './change.ts'
import { changeOf } from './change-of.ts'
import { connectMore } from './connect-more.ts'
import { changeConnections } from './connections.ts'
import { deleteResource } from './delete.ts'
import { evacuate } from './evacuate.ts'
import { forgetMembers } from './forget-members.ts'
import { disturb } from './interference/disturb.ts'
import { evictPod, uncordon } from './interference/evict-pod.ts'
import { killPod } from './interference/kill-pod.ts'
import { startOperator, stopOperator } from './interference/operator.ts'
import { changeNetwork } from './network/change-network.ts'
import { tryAddresses } from './network/try-addresses.ts'
import { rebalance } from './rebalance.ts'
import { revert } from './revert.ts'
import { start } from './start.ts'
import { startFleet } from './start-fleet.ts'
import { stop } from './stop.ts'
import { findData, storeData } from './store-data.ts'
import { transfer } from './transfer.ts'

/** Runs an action step, unless `signal` has aborted. */
export async function act(
  run: Run,
  step: Extract<Step, { action: string }>,
  signal: AbortSignal,
): Promise<void> {
  switch (step.action) {
    case 'apply':
      return apply(run)
    case 'start-fleet':
      return startFleet(run, step)
    case 'connect-more':
      return connectMore(run, step, signal)
    case 'store-data':
      return storeData(run, step)
    case 'find-data':
      return findData(run)
    case 'connections':
      return changeConnections(run, step, signal)
    case 'transfer':
      return transfer(run, step, signal)
    case 'network':
      return changeNetwork(run, step, signal)
    case 'try-addresses':
      return tryAddresses(run, step, signal)
    case 'evacuate':
      return evacuate(run, signal)
    case 'rebalance':
      return rebalance(run, step, signal)
    case 'revert':
      return revert(run, signal)
    case 'forget-members':
      return forgetMembers(run, signal)
    case 'stop':
      return stop(run, signal)
    case 'start':
      return start(run, step, signal)
    case 'kill-pod':
      return killPod(run, step)
    case 'evict-pod':
      return evictPod(run, step)
    case 'uncordon':
      return uncordon(run)
    case 'disturb':
      return disturb(run, step)
    case 'stop-operator':
      return stopOperator(run, signal)
    case 'start-operator':
      return startOperator(run, signal)
    case 'delete':
      return deleteResource(run)
    default: {
      const wanted = changeOf(step, run.cluster.dialect, await run.cluster.resource())
      if (!wanted) throw new Error(`the action ${step.action} changes nothing`)
      return change(run, wanted, signal)
    }
  }
}
