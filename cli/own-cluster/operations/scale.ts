import type { Cluster } from '#weir/cluster/index.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { guardScale } from '#weir/preflight/index.ts'
import { scaling } from '#weir/scenarios/index.ts'
import type { Output } from '../../output.ts'
import type { JudgedRun } from '../../run/judged-after.ts'
import { operateAndJudge } from './operate.ts'
import { before, type Operation, type OperationRequest } from './operation.ts'

export interface ScaleRequest extends OperationRequest {
  replicas: number
  raw?: boolean | undefined
}

/** Changes how many nodes of the user's cluster accept clients, as `operateAndJudge` does. */
export function scaleAndJudge(request: ScaleRequest, output: Output): Promise<JudgedRun | undefined> {
  const { replicas: to, raw = false, clients } = request
  const nodesOf = ({ dialect }: Cluster, resource: KubeObject) => {
    const { replicas, servingReplicas: from, connEvictRate, sessEvictRate } = dialect.readStrategy(resource)
    return { from, others: replicas - from, connEvictRate, sessEvictRate }
  }
  const scale: Operation = {
    name: 'scale',
    clientsTwice: true,
    inputs: { replicas: to, raw },
    guard({ cluster, resource, discovery: { evacuation } }, policy) {
      const nodes = nodesOf(cluster, resource)
      guardScale({ ...before(cluster, resource), ...nodes, to, raw, evacuation }, policy)
    },
    scenario(cluster, resource) {
      const { from } = nodesOf(cluster, resource)
      return scaling({ dialect: cluster.dialect.id, from, to, raw, clients })
    },
  }
  return operateAndJudge(scale, request, output)
}
