import { asClusterError } from '#weir/cluster/failure.ts'
import { readProjects } from '#weir/cluster/index.ts'
import { guardTransfer, projectOf, readPolicy, registryNamespaceOf } from '#weir/preflight/index.ts'
import { transferring } from '#weir/scenarios/index.ts'
import type { Output } from '../../output.ts'
import type { JudgedRun } from '../../run/judged-after.ts'
import { operateAndJudge } from './operate.ts'
import { before, type Operation, type OperationRequest } from './operation.ts'

export interface TransferRequest extends OperationRequest {
  project: string
}

/** Makes the user's cluster part of another project, as `operateAndJudge` does. */
export function transferAndJudge(request: TransferRequest, output: Output): Promise<JudgedRun | undefined> {
  const { project: to, clients, 'as-role': role } = request
  const policy = readPolicy(request.policy)
  const registryNamespace = registryNamespaceOf(policy)
  let from = ''
  const transfer: Operation = {
    name: 'transfer',
    inputs: { project: to },
    async guard({ cluster, resource }) {
      const { kube } = cluster
      const transferred = await readProjects(kube, registryNamespace).catch((error: unknown) => {
        throw asClusterError(error, kube.server, `read ConfigMap ${registryNamespace}/weir-projects`)
      })
      const { what } = before(cluster, resource)
      guardTransfer({ what, cluster, to, transferred, role }, policy)
      from = projectOf(cluster, transferred, policy) ?? ''
    },
    scenario({ dialect }, resource) {
      const { settled } = dialect.readStatus(resource)
      return transferring({ dialect: dialect.id, from, to, settled, registryNamespace, clients })
    },
  }
  return operateAndJudge(transfer, request, output)
}
