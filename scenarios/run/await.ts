import { operatorTrouble } from '#weir/facts/index.ts'
import { withoutSecretsInText } from '#weir/record/index.ts'
import type { Wait } from '../waits/wait.ts'
import { StepFailure } from './endings.ts'
import type { Run } from './run.ts'
import { pause, within } from './within.ts'

/**
 * Polls until the condition holds. Throws a StepFailure with the last mismatch after `seconds`, and the run's reason when the run ends.
 */
export async function awaitCondition(run: Run, name: string, wait: Wait, seconds: number): Promise<void> {
  let mismatch = 'nothing was observed yet'
  const over = new AbortController()
  const stop = AbortSignal.any([run.signal, over.signal])
  const poll = async () => {
    wait.before?.(run)
    for (;;) {
      const missing = await wait.poll(run)
      if (missing === undefined) return
      const { operator } = run.state
      const trouble = operator && operatorTrouble(operator)
      mismatch = trouble === undefined ? missing : `${missing}; ${trouble}`
      run.state.polled(withoutSecretsInText(mismatch))
      await pause(wait.everyMs, stop)
    }
  }
  const polling = poll()
  polling.catch(() => {})
  try {
    await within(polling, seconds * 1000, run.signal, () => {
      const all = `${mismatch}${lastApiFailure(run)}`
      return new StepFailure(
        'timeout',
        `${name} was not reached within ${Math.round(seconds)} s: ${all}`,
        all,
      )
    })
  } finally {
    over.abort()
  }
  run.state.polled('')
  await wait.after?.(run)
}

/** A failure that is older had nothing to do with what is missing at the end. */
const RECENT_NS = 20e9

/** What a wait knows, it knows from these APIs: if they do not answer, it may be that alone. */
function lastApiFailure({ state, clock }: Run): string {
  const { apiFailure } = state
  if (!apiFailure) return ''
  const agoNs = clock.now() - apiFailure.t
  return agoNs > RECENT_NS ? '' : `; an API failed ${Math.round(agoNs / 1e9)} s before: ${apiFailure.text}`
}
