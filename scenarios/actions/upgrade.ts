import type { Run } from '../run/run.ts'
import type { Step } from '../types.ts'
import { change } from './change.ts'

/** Changes the EMQX version: the default trigger of an update. */
export async function upgrade(
  run: Run,
  { version }: Extract<Step, { action: 'upgrade' }>,
  signal: AbortSignal,
): Promise<void> {
  const patch = run.cluster.dialect.versionPatch(await run.cluster.resource(), version)
  await change(run, { action: 'upgrade', patch, expect: 'accepted', version }, signal)
}
