import { messageOf } from '#weir/errors/index.ts'
import { type Evacuation, ordinalOf, serving } from '#weir/facts/index.ts'
import { StepFailure } from '../run/endings.ts'
import type { LivePod } from '../run/live-cluster.ts'
import { recordParameters } from '../run/parameters.ts'
import type { Run } from '../run/run.ts'
import { snapshot } from '../run/snapshot.ts'
import { pause } from '../run/within.ts'
import { audited } from './audited.ts'

const POLL_MS = 500

type Pod = LivePod & { ip: string }

/**
 * Empties the node that a scale by one takes away, before it does: the node with the highest number evicts its clients at the rates of the
 * resource and hands its sessions to those that stay. It stays evacuated, so that nobody comes back to it until its pod is gone. A run that
 * ends before that ends the evacuation.
 */
export const evacuate = (run: Run, signal: AbortSignal): Promise<void> =>
  audited(run, 'evacuate', 'the node with the highest number', async () => {
    const { leaving, staying } = split(run)
    const resource = await run.cluster.resource()
    const { connEvictRate, sessEvictRate, waitTakeoverSeconds } = run.cluster.dialect.readStrategy(resource)
    if (connEvictRate === 0 || sessEvictRate === 0)
      throw new StepFailure('failed', `the resource names no rate (${run.cluster.dialect.strategyPath})`)
    const emqx = run.cluster.emqx(leaving)
    const recipients = staying.map(({ node }) => node)
    signal.throwIfAborted()
    const t = run.emit({ type: 'mark', name: 'trigger' })
    run.state.changed({ t, ...snapshot(run) })
    run.state.evacuated(leaving.node, 1 / (staying.length + 1))
    await recordParameters(run, resource)
    run.cleanUp.add(() => endUnlessGone(run, leaving))
    const begun = emqx.startEvacuation(leaving.node, {
      ...{ connEvictRate, sessEvictRate, waitTakeoverSeconds, recipients },
    })
    run.state.changeSent(begun)
    await begun
    await untilEmpty(run, leaving, staying, signal)
    return `${leaving.name} has no connection and no session, at ${connEvictRate} and ${sessEvictRate} a second`
  })

/** A node that is to stay after all must take clients again. */
async function endUnlessGone(run: Run, { name, uid, node, ip }: Pod): Promise<void> {
  const pod = run.live.pods.find((one) => one.uid === uid)
  if (!pod || pod.deleting) return
  try {
    await audited(run, 'stop-evacuation', name, async () => {
      await run.cluster.emqx({ name, ip, node }).stopEvacuation(node)
      return `${name} takes clients again`
    })
  } catch (error) {
    const text = `${name} may still refuse clients: end its evacuation with POST load_rebalance/${node}/evacuation/stop (${messageOf(error)})`
    run.emit({ type: 'note', level: 'error', text })
  }
}

/** The node that goes and those that stay. Throws where Kubernetes chooses which goes. */
function split(run: Run): { leaving: Pod; staying: Pod[] } {
  const all = serving(run.live.reachable)
  const sets = new Set(run.live.sets.flatMap(({ kind, name }) => (kind === 'StatefulSet' ? [name] : [])))
  const unordered = all.find(({ set }) => !sets.has(set))
  if (unordered)
    throw new StepFailure(
      'failed',
      `${unordered.name} belongs to a ReplicaSet, of which Kubernetes deletes pods in an order of its own`,
    )
  const [leaving, ...staying] = all.toSorted((a, b) => ordinalOf(b.name) - ordinalOf(a.name))
  if (!leaving || staying.length === 0)
    throw new StepFailure('failed', `there are ${all.length} nodes that can be asked, and one must stay`)
  return { leaving, staying }
}

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
