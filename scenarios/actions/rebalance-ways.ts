import { type RebalanceRequest, rebalanceBody, rebalanceWay } from '#weir/cluster/index.ts'
import { messageOf } from '#weir/errors/index.ts'
import { serving } from '#weir/facts/index.ts'
import { StepFailure } from '../run/endings.ts'
import type { Run } from '../run/run.ts'
import { byResource } from './rebalance-by-resource.ts'
import type { RebalanceWayIn } from './rebalance-way.ts'

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
  const way: RebalanceWayIn = {
    ...{ by: `by EMQX's API of ${coordinator.name}`, why, body: rebalanceBody(whole), via: coordinator.name },
    async begin() {
      way.mayRun = true
      try {
        await emqx.startRebalance(coordinator.node, whole)
      } catch (error) {
        // Somebody else's, which is not weir's to stop.
        if (messageOf(error).includes('already_started')) way.mayRun = false
        throw error
      }
    },
    read: async () => undefined,
    mayRun: false,
    coordinator: coordinator.node,
  }
  return way
}
