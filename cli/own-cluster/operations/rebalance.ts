import { findUnderWay, type RebalanceRequest, rebalanceWay } from '#weir/cluster/index.ts'
import { guardRebalance } from '#weir/preflight/index.ts'
import { rebalancing } from '#weir/scenarios/index.ts'
import type { Output } from '../../output.ts'
import type { JudgedRun } from '../../run/judged-after.ts'
import { operateAndJudge } from './operate.ts'
import { before, type Operation, type OperationRequest } from './operation.ts'

export interface RebalanceFlags extends OperationRequest {
  'conn-evict-rate': number
  'sess-evict-rate': number
  'wait-health-check': number
  'wait-takeover': number
  'abs-conn-threshold': number
  'rel-conn-threshold': number
  'abs-sess-threshold': number
  'rel-sess-threshold': number
}

/**
 * Levels the nodes of the user's cluster, as `operateAndJudge` does: by the operator's resource where the API server has it, else by EMQX's API.
 */
export function rebalanceAndJudge(flags: RebalanceFlags, output: Output): Promise<JudgedRun | undefined> {
  const request: Omit<RebalanceRequest, 'nodes'> = {
    connEvictRate: flags['conn-evict-rate'],
    sessEvictRate: flags['sess-evict-rate'],
    waitHealthCheckSeconds: flags['wait-health-check'],
    waitTakeoverSeconds: flags['wait-takeover'],
    absConnThreshold: flags['abs-conn-threshold'],
    relConnThreshold: flags['rel-conn-threshold'],
    absSessThreshold: flags['abs-sess-threshold'],
    relSessThreshold: flags['rel-sess-threshold'],
  }
  let sessions = 0
  const operation: Operation = {
    name: 'rebalance',
    inputs: { ...request },
    async guard({ cluster, resource, discovery: { evacuation, emqx } }) {
      const underWay = await findUnderWay(cluster, resource)
      const leastWaitSeconds = cluster.dialect.emqx.leastRebalanceWaitSeconds
      guardRebalance({ ...before(cluster, resource), request, leastWaitSeconds, evacuation, underWay })
      sessions = emqx.found?.sessions ?? 0
    },
    async scenario(cluster) {
      const { kind, why } = await rebalanceWay(cluster)
      const by = kind ? 'resource' : 'emqx'
      output.progress(`by ${kind ? "the operator's resource" : "EMQX's API"}: ${why}`)
      return rebalancing({ dialect: cluster.dialect.id, request, by, sessions, clients: flags.clients })
    },
  }
  return operateAndJudge(operation, flags, output)
}
