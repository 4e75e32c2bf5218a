import { messageOf } from '#weir/errors/index.ts'
import type { Evacuation } from '#weir/facts/index.ts'
import { StepFailure } from '../run/endings.ts'
import type { LivePod } from '../run/live-cluster.ts'
import { recordParameters } from '../run/parameters.ts'
import type { Run } from '../run/run.ts'
import { snapshot } from '../run/snapshot.ts'
import { pause } from '../run/within.ts'
import type { Step } from '../types.ts'
import { audited } from './audited.ts'

const POLL_MS = 500

type Pod = LivePod & { ip: string }

/**
 * Empties the nodes that a scale to `keep` takes away, before it does: each evicts its clients at the rates of the resource and hands its
 * sessions to those that stay. They stay evacuated, so that nobody comes back to them until their pods are gone.
 */
export async function evacuate(
  run: Run,
  { keep }: Extract<Step, { action: 'evacuate' }>,
  signal: AbortSignal,
): Promise<void> {
  const { leaving, staying } = split(run, keep)
  const resource = await run.cluster.resource()
  const { connEvictRate, sessEvictRate, waitTakeoverSeconds } = run.cluster.dialect.readStrategy(resource)
  if (connEvictRate === 0)
    throw new StepFailure('failed', 'evacuate: the resource names no rate: add its evacuationStrategy')
  const t = run.emit({ type: 'mark', name: 'trigger' })
  run.state.changed({ t, ...snapshot(run) })
  await recordParameters(run, resource)
  const rates = { connEvictRate, sessEvictRate, waitTakeoverSeconds }
  const recipients = staying.map(({ node }) => node)
  for (const pod of leaving)
    await audited(
      run,
      'evacuate',
      `${pod.name} at ${connEvictRate} connections and ${sessEvictRate} sessions a second`,
      async () => {
        // The node itself is asked: it knows best, and no other can be gone meanwhile.
        await run.cluster.emqx(pod).startEvacuation(pod.node, { ...rates, recipients })
        await untilEmpty(run, pod, staying, signal)
        return `${pod.name} has no connection and no session`
      },
    )
}

/** The nodes that go, in the order in which Kubernetes takes them, and those that stay. Throws where that order is unknown. */
function split(run: Run, keep: number): { leaving: Pod[]; staying: Pod[] } {
  const all = run.live.reachable
  const serving = all.some(({ role }) => role === 'replicant')
    ? all.filter(({ role }) => role === 'replicant')
    : all
  const ordinals = new Map(serving.map((pod) => [pod, ordinalOf(pod.name)]))
  const sets = new Set(run.live.sets.flatMap(({ kind, name }) => (kind === 'StatefulSet' ? [name] : [])))
  const unordered = serving.find(({ set }) => !sets.has(set))
  if (unordered)
    throw new StepFailure(
      'failed',
      `evacuate: ${unordered.name} belongs to a ReplicaSet, of which Kubernetes deletes pods in an order of its own`,
    )
  const leaving = serving
    .filter((pod) => ordinals.get(pod)! >= keep)
    .sort((a, b) => ordinals.get(b)! - ordinals.get(a)!)
  if (leaving.length === 0)
    throw new StepFailure('failed', `evacuate: there are ${serving.length} nodes, and ${keep} are to stay`)
  return { leaving, staying: serving.filter((pod) => !leaving.includes(pod)) }
}

const ordinalOf = (pod: string) => Number(/-(\d+)$/.exec(pod)?.[1])

/** Resolves when an evacuation has ended with nothing left on its node. */
async function untilEmpty(run: Run, pod: Pod, staying: readonly Pod[], signal: AbortSignal): Promise<void> {
  for (;;) {
    const found = (await sampled(run, staying)).find(({ node }) => node === pod.node)
    if (found?.state === 'prohibiting' && found.currentConnected + found.currentSessions === 0) return
    run.state.polled(
      found
        ? `${pod.name}: ${found.state}, ${found.currentConnected} connections and ${found.currentSessions} sessions left`
        : `${pod.name}: EMQX lists no evacuation of it`,
    )
    await pause(POLL_MS, signal)
  }
}

/** EMQX's evacuations as a node that stays tells them; none while nobody answers. */
async function sampled(run: Run, staying: readonly Pod[]): Promise<Evacuation[]> {
  for (const pod of staying)
    try {
      return await run.cluster.emqx(pod).evacuations()
    } catch (error) {
      run.state.polled(messageOf(error))
    }
  return []
}
