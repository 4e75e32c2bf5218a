import { guardResize } from '#weir/preflight/index.ts'
import { resizing } from '#weir/scenarios/index.ts'
import type { Output } from '../../output.ts'
import type { JudgedRun } from '../../run/judged-after.ts'
import { operateAndJudge } from './operate.ts'
import { before, type Operation, type OperationRequest } from './operation.ts'

export interface ResizeRequest extends OperationRequest {
  /** Name of a quota of the policy. */
  quota: string
}

/** Gives the nodes of the user's cluster the resources of a quota, as `operateAndJudge` does. */
export function resizeAndJudge(request: ResizeRequest, output: Output): Promise<JudgedRun | undefined> {
  const { quota: to, clients } = request
  const resize: Operation = {
    name: 'resize',
    inputs: { quota: to },
    guard({ cluster, resource }, policy) {
      const from = cluster.dialect.resources(resource)
      guardResize({ ...before(cluster, resource), from, to }, policy)
    },
    scenario(cluster, resource, policy) {
      const from = cluster.dialect.resources(resource)
      const { requests, limits } = guardResize({ ...before(cluster, resource), from, to }, policy)
      return resizing({ dialect: cluster.dialect.id, quota: to, resources: { requests, limits }, clients })
    },
  }
  return operateAndJudge(resize, request, output)
}
