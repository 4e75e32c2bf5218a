import {
  awaitsFirstLook,
  hasEnded,
  type RebalanceRequest,
  type RebalanceResource,
  readRebalancePhase,
  rebalanceName,
  rebalanceObject,
} from '#weir/cluster/index.ts'
import { unlessGone } from '#weir/cluster/kubernetes/api-errors.ts'
import type { Resource } from '#weir/cluster/kubernetes/types.ts'
import { StepFailure } from '../run/endings.ts'
import type { Run } from '../run/run.ts'
import { NEVER, pause } from '../run/within.ts'
import { audited, isRefusal } from './audited.ts'
import type { RebalanceWayIn } from './rebalance-way.ts'

const POLL_MS = 300
/** An operator that is there sees a new resource at once. */
const SEEN_MS = 60_000
/** A Rebalance that is under way is looked at every 5 s. */
const LOOK_MS = 8000
/** A finalizer is cleared within that time. */
const GONE_MS = 5000
/** The same where nobody waits for the end. */
const LEFTOVER_GONE_MS = 20_000

/** By a Rebalance of the operator, which asks EMQX. */
export function byResource(
  run: Run,
  request: Omit<RebalanceRequest, 'nodes'>,
  kind: Resource,
  why: string,
): RebalanceWayIn {
  const { cluster } = run
  const { kube, namespace, dialect } = cluster
  const name = rebalanceName(cluster.name)
  const via = `Rebalance ${namespace}/${name}`
  const body = rebalanceObject(cluster, request)
  let mayBeMade = false
  const find = () => unlessGone(kube.get<RebalanceResource>(kind, namespace, name))
  const read = async () => {
    const found = await find()
    return { name, ...(found ? readRebalancePhase(found) : { phase: 'gone' }) }
  }
  /** False when it is not so until `untilT` of the run's clock. */
  const waitFor = async (isSo: () => Promise<boolean>, untilT: number, signal = NEVER): Promise<boolean> => {
    for (;;) {
      if (await isSo()) return true
      if (run.clock.now() >= untilT) return false
      await pause(POLL_MS, signal)
    }
  }
  const after = (ms: number) => run.clock.now() + ms * 1e6
  const deleteUntil = async (untilT: number, signal = NEVER) => {
    await unlessGone(kube.delete(kind, namespace, name))
    const isGone = await waitFor(async () => (await find()) === undefined, untilT, signal)
    if (!isGone) throw new Error('its operator has not cleared the finalizer')
  }
  const way: RebalanceWayIn = {
    ...{ by: `by ${via}`, why, body, via },
    async begin() {
      // One that a run which was killed has left.
      const left = await find()
      if (left && hasEnded(left)) await deleteUntil(after(LEFTOVER_GONE_MS))
      mayBeMade = true
      way.mayRun = true
      try {
        await kube.create(kind, body)
      } catch (error) {
        // What has this name is somebody else's, and what it has begun too.
        if (isRefusal(error)) mayBeMade = way.mayRun = false
        throw error
      }
      let last = { phase: '', message: '' }
      const isSeen = await waitFor(async () => {
        const { phase, message = '' } = await read()
        last = { phase, message }
        return phase !== ''
      }, after(SEEN_MS))
      if (!isSeen) throw new Error(`no operator has seen ${via} within ${SEEN_MS / 1000} s`)
      if (last.phase === 'gone') throw new Error(`${via} was deleted before its operator began`)
      if (last.phase === 'Failed') {
        // EMQX has refused it: what it may have under way is somebody else's.
        if (last.message.startsWith('Failed to start rebalance')) way.mayRun = false
        throw new StepFailure('failed', `${via} failed: ${last.message}`, undefined, { refused: true })
      }
    },
    read,
    mayRun: false,
    async remove({ limitMs, isStopped, signal }) {
      if (!mayBeMade) return
      const untilT = after(limitMs)
      let found: RebalanceResource | undefined
      // An operator up to 2.2.29 ends when one is deleted that it holds and has never looked at.
      const isLookedAt = await waitFor(
        async () => {
          found = await find()
          return found === undefined || !awaitsFirstLook(found)
        },
        Math.min(after(LOOK_MS), untilT),
        signal,
      )
      if (!isLookedAt) throw new Error(`its operator has not looked at it within ${LOOK_MS / 1000} s`)
      if (found !== undefined) {
        // It never lets go of one that is deleted while its cluster is not ready. Without a finalizer it has no say.
        const isFree = !found.metadata.finalizers?.length
        const isSettled = async () => isFree || run.live.resource?.settled === true
        const canBeDeleted = await waitFor(isSettled, untilT - GONE_MS * 1e6, signal)
        // Where EMQX cannot be asked only the operator is left to stop it.
        const mustStop = !isStopped && readRebalancePhase(found).phase === 'Processing'
        if (!canBeDeleted && !mustStop) throw new Error(`${dialect.kind} ${cluster.name} is not ready`)
        await audited(run, 'delete-rebalance', via, async () => {
          await deleteUntil(untilT, signal)
          return `${via} is deleted`
        })
      }
      mayBeMade = false
    },
    todo: `${via} may be left: delete it when ${dialect.kind} ${cluster.name} is ready`,
  }
  return way
}
