import { EmqxApiError, type RebalanceRequest } from '#weir/cluster/index.ts'
import { messageOf } from '#weir/errors/index.ts'
import { type RebalanceOutcome, type RebalanceStatus, serving } from '#weir/facts/index.ts'
import { StepFailure } from '../run/endings.ts'
import type { LivePod } from '../run/live-cluster.ts'
import { recordParameters } from '../run/parameters.ts'
import type { Run } from '../run/run.ts'
import { snapshot } from '../run/snapshot.ts'
import { pause } from '../run/within.ts'
import type { Step } from '../types.ts'
import { audited, isRefusal } from './audited.ts'
import { connectionsOf, connectionsText, isBalanced, type NodeConnections } from './node-connections.ts'
import { endRebalance, REMOVE_AT_END_MS, REMOVE_MS } from './rebalance-end.ts'
import { rebalanceRequest } from './rebalance-request.ts'
import type { RebalanceWayIn } from './rebalance-way.ts'
import { wayIn } from './rebalance-ways.ts'

type RebalanceStep = Extract<Step, { action: 'rebalance' }>
type Pod = LivePod & { ip: string }

/**
 * Levels the nodes: those with more clients than the mean evict until EMQX's thresholds hold. By the operator's resource where the API server
 * has it, else by EMQX's API. A run that ends before that stops the rebalance by EMQX's API; then the resource is deleted, unless its operator
 * could not let go of it.
 */
export async function rebalance(run: Run, step: RebalanceStep, signal: AbortSignal): Promise<void> {
  const isFirstChange = run.state.trigger === undefined
  try {
    await level(run, step, signal)
  } catch (error) {
    if (isFirstChange || !(error instanceof StepFailure) || !error.refused) throw error
    // "Refused" says that nothing was written, and an earlier step has changed the cluster.
    throw new StepFailure(error.phase, error.message, error.lastMismatch, { cause: error.cause })
  }
}

async function level(run: Run, step: RebalanceStep, signal: AbortSignal): Promise<void> {
  const request = rebalanceRequest(step)
  const way = await wayIn(run, step.by, request)
  await audited(run, 'rebalance', `${way.by}, because ${way.why}: ${JSON.stringify(way.body)}`, async () => {
    const pods = serving(run.live.reachable)
    await refuseUnderWay(run, pods)
    const before = await connectionsOf(run, pods)
    signal.throwIfAborted()
    const was = snapshot(run)
    const t = run.emit({ type: 'mark', name: 'trigger' })
    run.state.changed({ ...was, t })
    run.state.rebalanceAsked(request)
    await recordParameters(run)
    run.cleanUp.add(() => endRebalance(run, way, { removeMs: REMOVE_AT_END_MS }))
    const outcome = await begun(run, way, before, request)
    if (outcome === 'nothing-to-balance') {
      run.emit({ type: 'rebalance', via: way.via, tookNs: 0, rebalances: [], outcome })
      await endRebalance(run, way, { removeMs: REMOVE_MS, signal })
      return `nothing to balance: connections ${connectionsText(before)} are within the thresholds already`
    }
    await untilOver(run, way, pods, signal)
    run.emit({ type: 'mark', name: 'rebalance-done' })
    await endRebalance(run, way, { removeMs: REMOVE_MS, signal })
    return `connections ${connectionsText(before)} to ${connectionsText(await connectionsOf(run, pods))}`
  })
}

/** One thing at a time: an evacuation or a rebalance that somebody else began is neither disturbed nor taken for weir's. */
async function refuseUnderWay(run: Run, pods: readonly Pod[]): Promise<void> {
  const [pod] = pods
  if (pod === undefined) throw new StepFailure('failed', 'no node can be asked')
  const emqx = run.cluster.emqx(pod)
  const [evacuations, rebalances] = await Promise.all([emqx.evacuations(), emqx.rebalances()])
  const found = [
    ...evacuations.map(({ node }) => `${node} is being evacuated`),
    ...rebalances.map(({ coordinator }) => `${coordinator} coordinates a rebalance`),
  ]
  if (found.length > 0)
    throw new StepFailure('failed', `rebalance: ${found.join(', ')}`, undefined, { refused: true })
}

/** Asks for it. Where EMQX's own thresholds hold already it refuses, and so does an operator whose words do not say why. */
async function begun(
  run: Run,
  way: RebalanceWayIn,
  before: NodeConnections,
  request: Omit<RebalanceRequest, 'nodes'>,
): Promise<RebalanceOutcome> {
  const begins = way.begin()
  run.state.changeSent(begins)
  try {
    await begins
    return 'started'
  } catch (error) {
    const words = messageOf(error)
    if (words.includes('nothing_to_balance')) return 'nothing-to-balance'
    if (words.includes('Failed to start rebalance') && isBalanced(before, request))
      return 'nothing-to-balance'
    // The API server's own refusals are audited as such.
    if (isRefusal(error)) throw error
    const refused = isOfEmqx(error) || (error instanceof StepFailure && error.refused)
    throw new StepFailure('failed', `rebalance: ${words}`, undefined, { cause: error, refused })
  }
}

/** EMQX has understood the request, and refuses it: with 400, or in 4.4 with 200 (docs/contract/emqx.md#api-errors). */
const isOfEmqx = (error: unknown): boolean =>
  error instanceof EmqxApiError && (error.status === 400 || error.status === 200)

/** Resolves when EMQX lists no rebalance any more, and the operator's resource, where there is one, has ended. */
async function untilOver(
  run: Run,
  way: RebalanceWayIn,
  pods: readonly Pod[],
  signal: AbortSignal,
): Promise<void> {
  let isFirst = true
  for (;;) {
    const seen = await sampled(run, pods)
    const resource = await way.read().catch((error: unknown) => error as Error)
    if (resource instanceof Error) run.state.polled(resource.message)
    else if (seen) {
      const { via, tookNs, rebalances } = seen
      run.emit({
        type: 'rebalance',
        via,
        tookNs,
        rebalances,
        ...(isFirst && { outcome: 'started' as const }),
        ...(resource && { resource }),
      })
      isFirst = false
      const [first] = rebalances
      if (first) await sidesKnown(run, first)
      if (!first && resource?.phase === 'gone')
        throw new StepFailure('failed', `rebalance: somebody has deleted ${way.via}`)
      const isOver = resource === undefined || resource.phase === 'Completed' || resource.phase === 'Failed'
      if (!first && isOver) return
      run.state.polled(progress(first, resource?.phase))
    }
    await pause(run.scenario.observe.sampleIntervalSeconds * 1000, signal)
  }
}

const progress = (first: RebalanceStatus | undefined, phase: string | undefined): string =>
  first
    ? `${first.state}: ${counted(first.donors, 'donor')}, ${counted(first.recipients, 'recipient')}${
        first.connectionGoal === undefined
          ? ''
          : `, on average ${first.donorConnections?.toFixed(0) ?? '?'} and ${first.connectionGoal.toFixed(0)} connections`
      }`
    : `EMQX lists no rebalance any more, the resource says ${phase ?? 'nothing'}`

const counted = ({ length }: readonly string[], what: string): string =>
  `${length} ${what}${length === 1 ? '' : 's'}`

/** EMQX chooses who gives and who takes, and says it once the rebalance has begun. */
async function sidesKnown(run: Run, { donors, recipients }: RebalanceStatus): Promise<void> {
  if (run.state.rebalance?.sides !== undefined) return
  const all = serving(run.live.pods).length
  run.state.rebalanceBegun({ donors, recipients }, donors.length / Math.max(all, donors.length + 1))
  await recordParameters(run)
}

interface Seen {
  via: string
  tookNs: number
  rebalances: RebalanceStatus[]
}

/** EMQX's rebalances as any node tells them; undefined while nobody answers. */
async function sampled(run: Run, pods: readonly Pod[]): Promise<Seen | undefined> {
  for (const pod of pods) {
    const start = run.clock.now()
    try {
      const rebalances = await run.cluster.emqx(pod).rebalances()
      return { via: pod.name, tookNs: run.clock.now() - start, rebalances }
    } catch (error) {
      run.state.polled(messageOf(error))
    }
  }
  return undefined
}
