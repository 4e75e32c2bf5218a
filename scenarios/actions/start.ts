import { forgetSizes, rememberedSizes, type Sizes } from '#weir/cluster/index.ts'
import { StepFailure } from '../run/endings.ts'
import type { Run } from '../run/run.ts'
import { change } from './change.ts'
import { NONE, sizesFor } from './change-of.ts'

/** Gives a stopped cluster its nodes again: as many as the step says, else as many as it had. */
export async function start(run: Run, step: Sizes, signal: AbortSignal): Promise<void> {
  const { kube, dialect, name } = run.cluster
  const resource = await run.cluster.resource()
  const before = (await rememberedSizes({ kube, resource })) ?? NONE
  const sizes = sizesFor(step, before)
  if (sizes.cores + sizes.replicants === 0)
    throw new StepFailure('failed', `start: nobody remembers how many nodes ${dialect.kind} ${name} had`)
  const patch = dialect.sizesPatch(resource, sizes)
  await change(run, { action: 'start', patch, expect: 'accepted' }, signal)
  await forgetSizes({ kube, resource })
}
