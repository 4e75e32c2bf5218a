import type { Run } from '../run/run.ts'
import type { Step } from '../types.ts'
import { apply } from './apply.ts'
import { patch } from './patch.ts'
import { startFleet } from './start-fleet.ts'
import { upgrade } from './upgrade.ts'

/** Runs an action step, unless `signal` has aborted. */
export function act(run: Run, step: Extract<Step, { action: string }>, signal: AbortSignal): Promise<void> {
  switch (step.action) {
    case 'apply':
      return apply(run)
    case 'start-fleet':
      return startFleet(run, step)
    case 'upgrade':
      return upgrade(run, step, signal)
    case 'patch':
      return patch(run, step, signal)
  }
}
