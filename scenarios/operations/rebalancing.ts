import type { RebalanceRequest } from '#weir/cluster/index.ts'
import { stepName } from '../definition/step.ts'
import type { Scenario } from '../types.ts'
import { type OnCluster, onCluster } from './on-cluster.ts'

export interface Rebalancing extends OnCluster {
  request: Omit<RebalanceRequest, 'nodes'>
  by: 'resource' | 'emqx'
  /** Sessions of the cluster now. */
  sessions: number
}

/** A start and an end may each take a poll of the operator. */
const SLACK_SECONDS = 120

/** The scenario of a rebalance. The cluster has its nodes already. */
export function rebalancing({ request, by, sessions, ...cluster }: Rebalancing): Scenario {
  const { connEvictRate, sessEvictRate, waitHealthCheckSeconds, waitTakeoverSeconds } = request
  // One node may have to give everything, and then its sessions.
  const waits = waitHealthCheckSeconds + waitTakeoverSeconds
  const deadlineSeconds = Math.ceil(
    waits + sessions / connEvictRate + sessions / sessEvictRate + SLACK_SECONDS,
  )
  const scenario = onCluster('rebalance', cluster, {
    name: 'rebalance',
    description: `The nodes are levelled, at ${connEvictRate} connections per second and node.`,
    step: (step) =>
      'action' in step && step.action === 'rebalance' ? { ...step, ...request, by, deadlineSeconds } : step,
  })
  const at = scenario.steps.findIndex((step) => stepName(step) === 'scale')
  // The scenario unbalances its own cluster first.
  return { ...scenario, steps: scenario.steps.toSpliced(at, 2) }
}
