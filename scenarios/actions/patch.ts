import type { Run } from '../run/run.ts'
import type { Step } from '../types.ts'
import { change } from './change.ts'

/** Applies a merge patch of the scenario, or verifies that it is refused. */
export async function patch(
  run: Run,
  step: Extract<Step, { action: 'patch' }>,
  signal: AbortSignal,
): Promise<void> {
  await change(run, { action: 'patch', patch: step.patch, expect: step.expect }, signal)
}
