import { type Cluster, rememberedSizes, type Sizes } from '#weir/cluster/index.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { guardDelete, guardStart, guardStop } from '#weir/preflight/index.ts'
import { deleting, starting, stopping } from '#weir/scenarios/index.ts'
import type { Output } from '../../output.ts'
import type { JudgedRun } from '../../run/judged-after.ts'
import { operateAndJudge } from './operate.ts'
import { before, type Operation, type OperationRequest } from './operation.ts'

export interface StartRequest extends OperationRequest {
  /** 0: as many nodes as before the stop. */
  cores: number
  replicants: number
}

export interface DeleteRequest extends OperationRequest {
  /** The name of the resource, as the user confirms it. */
  confirmed: string
}

const about = (cluster: Cluster, resource: KubeObject) => ({
  ...before(cluster, resource),
  updating: cluster.dialect.readStatus(resource).updating,
  sizes: cluster.dialect.sizes(resource),
})

/** Stops the user's cluster, as `operateAndJudge` does. */
export function stopAndJudge(request: OperationRequest, output: Output): Promise<JudgedRun | undefined> {
  const stop: Operation = {
    name: 'stop',
    mayBeStopped: true,
    inputs: {},
    guard: ({ cluster, resource }) => guardStop(about(cluster, resource)),
    scenario: ({ dialect }) => stopping({ dialect: dialect.id, clients: request.clients }),
  }
  return operateAndJudge(stop, request, output)
}

/** Starts the user's cluster that was stopped, as `operateAndJudge` does. */
export function startAndJudge(request: StartRequest, output: Output): Promise<JudgedRun | undefined> {
  const { cores, replicants, clients } = request
  const sizesFor = async ({ kube }: Cluster, resource: KubeObject): Promise<Sizes | undefined> =>
    cores + replicants > 0 ? { cores, replicants } : rememberedSizes({ kube, resource })
  const start: Operation = {
    name: 'start',
    mayBeStopped: true,
    inputs: { cores, replicants },
    async guard({ cluster, resource }, policy) {
      guardStart({ ...about(cluster, resource), to: await sizesFor(cluster, resource) }, policy)
    },
    async scenario(cluster, resource) {
      const to = (await sizesFor(cluster, resource)) ?? cluster.dialect.sizes(resource)
      return starting({ dialect: cluster.dialect.id, clients, to })
    },
  }
  return operateAndJudge(start, request, output)
}

/** Deletes the user's cluster, as `operateAndJudge` does. */
export function deleteAndJudge(request: DeleteRequest, output: Output): Promise<JudgedRun | undefined> {
  const { confirmed, clients } = request
  const operation: Operation = {
    name: 'delete',
    mayBeStopped: true,
    inputs: { confirmed },
    guard: ({ cluster, resource }) =>
      guardDelete({ ...about(cluster, resource), name: cluster.name, confirmed }),
    scenario(cluster, resource) {
      const { cores, replicants } = cluster.dialect.sizes(resource)
      return deleting({ dialect: cluster.dialect.id, clients, isStopped: cores + replicants === 0 })
    },
  }
  return operateAndJudge(operation, request, output)
}
