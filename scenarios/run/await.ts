import type { Wait } from '../waits/wait.ts'
import { StepFailure } from './endings.ts'
import type { Run } from './run.ts'
import { pause, within } from './within.ts'

/**
 * Looks again and again until it is so. Throws a StepFailure with what the last look missed when `seconds` pass, and the
 * run's own reason when the run ends.
 */
export async function awaitSo(run: Run, name: string, wait: Wait, seconds: number): Promise<void> {
  let mismatch = 'nothing was seen yet'
  const over = new AbortController()
  const stop = AbortSignal.any([run.signal, over.signal])
  const look = async () => {
    wait.before?.(run)
    for (;;) {
      const missing = await wait.look(run)
      if (missing === undefined) return
      mismatch = missing
      run.state.polled(missing)
      await pause(wait.everyMs, stop)
    }
  }
  const looking = look()
  looking.catch(() => {})
  try {
    await within(
      looking,
      seconds * 1000,
      run.signal,
      () =>
        new StepFailure(
          'timeout',
          `${name} was not so within ${Math.round(seconds)} s: ${mismatch}`,
          mismatch,
        ),
    )
  } finally {
    over.abort()
  }
  run.state.polled('')
  await wait.after?.(run)
}
