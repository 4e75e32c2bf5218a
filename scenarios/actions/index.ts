import type { Run } from '../run/run.ts'
import type { Step } from '../types.ts'
import { apply } from './apply.ts'
import { change } from './change.ts'
import { changeOf } from './change-of.ts'
import { connectMore } from './connect-more.ts'
import { evacuate } from './evacuate.ts'
import { forgetMembers } from './forget-members.ts'
import { revert } from './revert.ts'
import { startFleet } from './start-fleet.ts'

/** Runs an action step, unless `signal` has aborted. */
export async function act(
  run: Run,
  step: Extract<Step, { action: string }>,
  signal: AbortSignal,
): Promise<void> {
  switch (step.action) {
    case 'apply':
      return apply(run)
    case 'start-fleet':
      return startFleet(run, step)
    case 'connect-more':
      return connectMore(run, step, signal)
    case 'evacuate':
      return evacuate(run, signal)
    case 'revert':
      return revert(run, signal)
    case 'forget-members':
      return forgetMembers(run, signal)
    default: {
      const wanted = changeOf(step, run.cluster.dialect, await run.cluster.resource())
      if (!wanted) throw new Error(`the action ${step.action} changes nothing`)
      return change(run, wanted, signal)
    }
  }
}
