import { guardVersion } from '#weir/preflight/index.ts'
import { changingVersion } from '#weir/scenarios/index.ts'
import type { Output } from '../../output.ts'
import type { JudgedRun } from '../../run/judged-after.ts'
import { operateAndJudge } from './operate.ts'
import { before, type Operation, type OperationRequest } from './operation.ts'

export interface VersionRequest extends OperationRequest {
  /** The EMQX version. */
  to: string
  'allow-downgrade'?: boolean | undefined
}

/** Changes the EMQX version of the user's cluster, as `operateAndJudge` does. */
export function changeVersionAndJudge(
  operation: 'upgrade' | 'downgrade',
  request: VersionRequest,
  output: Output,
): Promise<JudgedRun | undefined> {
  const { to, clients, 'allow-downgrade': allowsDowngrade = false } = request
  const change: Operation = {
    name: operation,
    inputs: { version: to, allowsDowngrade },
    guard({ cluster, resource }, policy) {
      const { dialect } = cluster
      const from = dialect.version(resource)
      guardVersion({ ...before(cluster, resource), operation, dialect, from, to, allowsDowngrade }, policy)
    },
    scenario: ({ dialect }, resource) =>
      changingVersion({ dialect: dialect.id, operation, from: dialect.version(resource) ?? '', to, clients }),
  }
  return operateAndJudge(change, request, output)
}
