import { EmqxApiError, type RebalanceRequest } from '#weir/cluster/index.ts'
import { messageOf } from '#weir/errors/index.ts'
import {
  isWithinThresholds,
  type RebalanceOutcome,
  type RebalanceStatus,
  serving,
} from '#weir/facts/index.ts'
import { StepFailure } from '../run/endings.ts'
import type { LivePod } from '../run/live-cluster.ts'
import { recordParameters } from '../run/parameters.ts'
import type { Run } from '../run/run.ts'
import { snapshot } from '../run/snapshot.ts'
import { pause } from '../run/within.ts'
import type { Step } from '../types.ts'
import { audited } from './audited.ts'
import { rebalanceRequest } from './rebalance-request.ts'
import { type RebalanceWayIn, wayIn } from './rebalance-ways.ts'

type RebalanceStep = Extract<Step, { action: 'rebalance' }>
type Pod = LivePod & { ip: string }

/**
 * Levels the nodes: those with more clients than the mean evict until EMQX's thresholds hold. By the operator's resource where the API server
 * has it, else by EMQX's API. A run that ends before that stops the rebalance; the resource is deleted in any case.
 */
export async function rebalance(run: Run, step: RebalanceStep, signal: AbortSignal): Promise<void> {
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
    run.cleanUp.add(() => ended(run, way))
    const outcome = await begun(run, way, before, request)
    if (outcome === 'nothing-to-balance') {
      run.emit({ type: 'rebalance', via: way.via, tookNs: 0, rebalances: [], outcome })
      await ended(run, way)
      return `nothing to balance: connections ${text(before)} are within the thresholds already`
    }
    await untilOver(run, way, pods, signal)
    run.emit({ type: 'mark', name: 'rebalance-done' })
    await ended(run, way)
    return `connections ${text(before)} to ${text(await connectionsOf(run, pods))}`
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
  before: Connections,
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
    const refused = error instanceof EmqxApiError || error instanceof StepFailure
    throw new StepFailure('failed', `rebalance: ${words}`, undefined, { cause: error, refused })
  }
}

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
    const resource = await way.read()
    if (seen) {
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
      const isOver = resource === undefined || resource.phase === 'Completed' || resource.phase === 'Failed'
      if (!first && isOver) return
      run.state.polled(progress(first, resource?.phase))
    }
    await pause(run.scenario.observe.sampleIntervalSeconds * 1000, signal)
  }
}

const progress = (first: RebalanceStatus | undefined, phase: string | undefined): string =>
  first
    ? `${first.state}: ${first.donors.length} donors, ${first.recipients.length} recipients${
        first.connectionGoal === undefined
          ? ''
          : `, on average ${first.donorConnections?.toFixed(0) ?? '?'} and ${first.connectionGoal.toFixed(0)} connections`
      }`
    : `EMQX lists no rebalance any more, the resource says ${phase ?? 'nothing'}`

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

type Connections = readonly { node: string; connections: number | undefined }[]

/** Live connections of each node that accepts clients; undefined where EMQX does not count them. */
async function connectionsOf(run: Run, pods: readonly Pod[]): Promise<Connections> {
  for (const pod of pods)
    try {
      const nodes = await run.cluster.emqx(pod).nodes()
      return pods.map(({ name, node }) => ({
        node: name,
        connections: nodes.find((one) => one.node === node)?.liveConnections,
      }))
    } catch (error) {
      run.state.polled(messageOf(error))
    }
  return pods.map(({ name }) => ({ node: name, connections: undefined }))
}

const text = (all: Connections): string =>
  all.map(({ node, connections }) => `${node}=${connections ?? '?'}`).join(' ')

/** As EMQX decides it, of the connections alone. */
function isBalanced(
  all: Connections,
  thresholds: { absConnThreshold: number; relConnThreshold: number },
): boolean {
  const counts = all.flatMap(({ connections }) => connections ?? [])
  if (counts.length < all.length) return false
  const mean = (some: readonly number[]) => some.reduce((sum, one) => sum + one, 0) / some.length
  const average = mean(counts)
  const donors = counts.filter((one) => one >= average)
  const recipients = counts.filter((one) => one < average)
  return recipients.length === 0 || isWithinThresholds(mean(donors), mean(recipients), thresholds)
}

/** Stops it if it is still under way, and takes away what weir has made for it. */
async function ended(run: Run, way: RebalanceWayIn): Promise<void> {
  try {
    const what = await way.end()
    if (what !== undefined) await audited(run, 'stop-rebalance', way.by, async () => what)
  } catch (error) {
    run.emit({ type: 'note', level: 'error', text: `${way.todo} (${messageOf(error)})` })
  }
}
