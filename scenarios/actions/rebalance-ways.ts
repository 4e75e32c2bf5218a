import {
  type RebalanceRequest,
  type RebalanceResource,
  readRebalancePhase,
  rebalanceBody,
  rebalanceName,
  rebalanceObject,
  rebalanceWay,
} from '#weir/cluster/index.ts'
import { unlessGone } from '#weir/cluster/kubernetes/api-errors.ts'
import type { Resource } from '#weir/cluster/kubernetes/types.ts'
import { serving } from '#weir/facts/index.ts'
import { StepFailure } from '../run/endings.ts'
import type { Run } from '../run/run.ts'
import { pause } from '../run/within.ts'

/** How a rebalance is asked for. */
export interface RebalanceWayIn {
  /** In words, e.g. "by Rebalance default/weir-rebalance-emqx". */
  by: string
  why: string
  /** What is sent, to the letter. */
  body: object
  /** The pod or object that it is sent to. */
  via: string
  /** Rejects with EMQX's or the operator's words where it does not begin. */
  begin(): Promise<void>
  /** What the operator says of it; undefined where no operator is asked. */
  read(): Promise<{ name: string; phase: string; message?: string } | undefined>
  /** Leaves nothing of it. Resolves with what had to be done, undefined where nothing. */
  end(): Promise<string | undefined>
  /** What the user must do where that fails. */
  todo: string
}

const POLL_MS = 300
/** An operator that is there sees a new resource at once. */
const SEEN_MS = 60_000
const ENDED: readonly string[] = ['Completed', 'Failed']
/** It looks at a cluster that is Ready every 30 s. */
const SETTLED_MS = 60_000
/** It clears its finalizer within its poll of 5 s. */
const GONE_MS = 20_000

/** By the operator's resource where the API server has it, unless the step names a way. */
export async function wayIn(
  run: Run,
  by: 'auto' | 'resource' | 'emqx',
  request: Omit<RebalanceRequest, 'nodes'>,
): Promise<RebalanceWayIn> {
  if (by === 'emqx') return byEmqx(run, request, 'the scenario asks for it')
  const { kind, why } = await rebalanceWay(run.cluster)
  if (kind) return byResource(run, request, kind, why)
  if (by === 'auto') return byEmqx(run, request, why)
  throw new StepFailure('failed', `rebalance: ${why}`, undefined, { refused: true })
}

async function byEmqx(
  run: Run,
  request: Omit<RebalanceRequest, 'nodes'>,
  why: string,
): Promise<RebalanceWayIn> {
  const pods = serving(run.live.reachable)
  const nodes = run.cluster.dialect.servingNodes(await run.cluster.resource())
  const coordinator = pods.find(({ node }) => node === nodes[0])
  if (coordinator === undefined)
    throw new StepFailure(
      'failed',
      `rebalance: node ${nodes[0] ?? ''} of the resource's status cannot be asked`,
    )
  const emqx = run.cluster.emqx(coordinator)
  const whole = { ...request, nodes }
  let isBegun = false
  return {
    ...{ by: `by EMQX's API of ${coordinator.name}`, why, body: rebalanceBody(whole), via: coordinator.name },
    async begin() {
      await emqx.startRebalance(coordinator.node, whole)
      isBegun = true
    },
    read: async () => undefined,
    async end() {
      if (!isBegun) return undefined
      const isListed = (await emqx.rebalances()).some((one) => one.coordinator === coordinator.node)
      isBegun = false
      if (!isListed) return undefined
      await emqx.stopRebalance(coordinator.node)
      return 'the rebalance is stopped: its donors take clients again'
    },
    todo: `Donors may still refuse clients: end the rebalance with POST load_rebalance/${coordinator.node}/stop`,
  }
}

/** Ends what EMQX lists. Nobody else's was under way when weir began its own. */
async function stopListed(run: Run): Promise<void> {
  const [pod] = serving(run.live.reachable)
  if (pod === undefined) return
  const emqx = run.cluster.emqx(pod)
  for (const { coordinator } of await emqx.rebalances()) await emqx.stopRebalance(coordinator)
}

function byResource(
  run: Run,
  request: Omit<RebalanceRequest, 'nodes'>,
  kind: Resource,
  why: string,
): RebalanceWayIn {
  const { cluster } = run
  const { kube, namespace } = cluster
  const name = rebalanceName(cluster.name)
  const via = `Rebalance ${namespace}/${name}`
  const body = rebalanceObject(cluster, request)
  let isMade = false
  const find = () => unlessGone(kube.get<RebalanceResource>(kind, namespace, name))
  const read = async () => {
    const found = await find()
    return { name, ...(found ? readRebalancePhase(found) : { phase: 'gone' }) }
  }
  const waitFor = async (isSo: () => Promise<boolean>, ms: number): Promise<boolean> => {
    for (const untilT = run.clock.now() + ms * 1e6; run.clock.now() < untilT; ) {
      if (await isSo()) return true
      await pause(POLL_MS, new AbortController().signal)
    }
    return false
  }
  const remove = async () => {
    await unlessGone(kube.delete(kind, namespace, name))
    const isGone = await waitFor(async () => (await find()) === undefined, GONE_MS)
    if (!isGone) throw new Error(`its operator has not cleared the finalizer within ${GONE_MS / 1000} s`)
  }
  return {
    ...{ by: `by ${via}`, why, body, via },
    async begin() {
      // One that a run which was killed has left.
      const left = await find()
      if (left && ENDED.includes(readRebalancePhase(left).phase)) await remove()
      await kube.create(kind, body)
      isMade = true
      let last = { phase: '', message: '' }
      const isSeen = await waitFor(async () => {
        const { phase, message = '' } = await read()
        last = { phase, message }
        return phase !== ''
      }, SEEN_MS)
      if (!isSeen) throw new Error(`no operator has seen ${via} within ${SEEN_MS / 1000} s`)
      if (last.phase === 'Failed')
        throw new StepFailure('failed', `${via} failed: ${last.message}`, undefined, { refused: true })
    },
    read,
    async end() {
      if (!isMade) return undefined
      const wasUnderWay = (await read()).phase === 'Processing'
      // Operators up to 2.2.29 never let go of one that is deleted while its cluster is not ready.
      if (!wasUnderWay) await waitFor(async () => run.live.resource?.settled === true, SETTLED_MS)
      try {
        await remove()
      } catch (error) {
        // Its operator did not stop it.
        if (wasUnderWay) await stopListed(run)
        throw error
      }
      isMade = false
      return `${via} is deleted${wasUnderWay ? ', and with it the rebalance stopped' : ''}`
    },
    todo: `${via} may be left: delete it`,
  }
}
