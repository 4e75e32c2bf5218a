import { messageOf } from '#weir/errors/index.ts'
import { type RebalanceStatus, serving } from '#weir/facts/index.ts'
import type { LivePod } from '../run/live-cluster.ts'
import type { Run } from '../run/run.ts'
import { NEVER, within } from '../run/within.ts'
import { audited } from './audited.ts'
import type { RebalanceWayIn } from './rebalance-way.ts'

/** Nodes that give are ready again with the operator's next look at a cluster, which may take 30 s. */
export const REMOVE_MS = 80_000
/** When a run ends: with STOP_MS less than a part of the end may take (run/close.ts). */
export const REMOVE_AT_END_MS = 20_000
const STOP_MS = 7000

/**
 * Leaves nothing of a rebalance. EMQX is asked first, and stopped where it goes on: an operator that has given a rebalance up does not stop it
 * any more. Only then the operator's resource is deleted. What fails becomes a note in the record. Rejects when `signal` aborts.
 */
export async function endRebalance(
  run: Run,
  way: RebalanceWayIn,
  { removeMs, signal = NEVER }: { removeMs: number; signal?: AbortSignal },
): Promise<void> {
  const failed = (todo: string, error: unknown) => {
    signal.throwIfAborted()
    run.emit({ type: 'note', level: 'error', text: `${todo} (${messageOf(error)})` })
  }
  signal.throwIfAborted()
  const late = () => new Error(`EMQX did not answer within ${STOP_MS / 1000} s`)
  try {
    await within(stop(run, way), STOP_MS, signal, late)
  } catch (error) {
    failed(
      `Donors may still refuse clients: end the rebalance with POST load_rebalance/${way.coordinator ?? 'NODE'}/stop`,
      error,
    )
  }
  try {
    await way.remove?.({ limitMs: removeMs, isStopped: !way.mayRun, signal })
  } catch (error) {
    failed(way.todo ?? way.via, error)
  }
}

/** Nobody else's was under way when weir began its own. */
async function stop(run: Run, way: RebalanceWayIn): Promise<void> {
  if (!way.mayRun) return
  const { pod, rebalances } = await listed(run)
  const emqx = run.cluster.emqx(pod)
  for (const { coordinator } of rebalances) {
    if (way.coordinator !== undefined && coordinator !== way.coordinator) continue
    await audited(run, 'stop-rebalance', `${coordinator}, by EMQX's API of ${pod.name}`, async () => {
      try {
        await emqx.stopRebalance(coordinator)
        return 'the rebalance is stopped: its donors take clients again'
      } catch (error) {
        if (!messageOf(error).includes('not_started')) throw error
        return 'the rebalance had ended by itself'
      }
    })
  }
  way.mayRun = false
}

/** As any node tells them. Rejects with the last node's words where none does. */
async function listed(run: Run): Promise<{ pod: LivePod & { ip: string }; rebalances: RebalanceStatus[] }> {
  let last: unknown = new Error('no node can be asked')
  for (const pod of serving(run.live.reachable))
    try {
      return { pod, rebalances: await run.cluster.emqx(pod).rebalances() }
    } catch (error) {
      last = error
    }
  throw last
}
