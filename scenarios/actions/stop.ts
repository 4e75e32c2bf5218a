import { rememberSizes } from '#weir/cluster/index.ts'
import { StepFailure } from '../run/endings.ts'
import type { Run } from '../run/run.ts'
import { change } from './change.ts'
import { NONE } from './change-of.ts'

/** Lets a cluster have no nodes, and remembers how many it had. Its resource, its Service and its volumes stay. */
export async function stop(run: Run, signal: AbortSignal): Promise<void> {
  const { kube, dialect, name } = run.cluster
  const resource = await run.cluster.resource()
  const sizes = dialect.sizes(resource)
  if (sizes.cores + sizes.replicants === 0)
    throw new StepFailure('failed', `stop: ${dialect.kind} ${name} is stopped already`)
  await rememberSizes({ kube, dialect, resource }, sizes)
  const patch = dialect.sizesPatch(resource, NONE)
  return change(run, { action: 'stop', patch, expect: 'accepted' }, signal)
}
