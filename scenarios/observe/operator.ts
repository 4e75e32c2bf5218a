import { isDeepStrictEqual } from 'node:util'
import { findOperator, KubeApiError, type OperatorState, readOperator } from '#weir/cluster/index.ts'
import { every } from '../run/every.ts'
import type { Run } from '../run/run.ts'
import { recordApiFailure } from './api-failure.ts'

const INTERVAL_SECONDS = 2

/** Looks whether the operator runs, from its Deployment. A user who may not read that sees nothing of it, which is no failure. */
export function observeOperator(run: Run): { stop(): Promise<void> } {
  const { cluster } = run
  let deployment = cluster.operator.deployment
  let last: OperatorState | undefined
  let isOver = false
  return every(run.clock, INTERVAL_SECONDS, async () => {
    if (isOver) return
    try {
      deployment ??= (await findOperator(cluster.kube)).deployment
      isOver = deployment === undefined
      if (!deployment) return
      const now = await readOperator(cluster.kube, deployment)
      run.state.operatorSeen(now)
      if (!isDeepStrictEqual(now, last)) run.emit(now)
      last = now
    } catch (error) {
      const status = error instanceof KubeApiError ? error.status : undefined
      if (status === 401 || status === 403) isOver = true
      // It may be installed anew, under another name.
      else if (status === 404) deployment = undefined
      else recordApiFailure(run, 'deployments', 'the operator', error)
    }
  })
}
