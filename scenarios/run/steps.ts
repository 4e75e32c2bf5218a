import { act } from '../actions/index.ts'
import { isChange, stepName } from '../definition/step.ts'
import type { Step } from '../types.ts'
import { waits } from '../waits/index.ts'
import { awaitCondition } from './await.ts'
import { limitSeconds } from './deadline.ts'
import { StepFailure } from './endings.ts'
import type { Run } from './run.ts'
import { isEmulated } from './testbed.ts'
import { pause, within } from './within.ts'

async function hold(run: Run, step: Extract<Step, { hold: unknown }>): Promise<void> {
  const isMarked = showsEndState(run, step)
  if (isMarked) run.emit({ type: 'mark', name: 'hold-start' })
  await pause(step.hold.seconds * 1000, run.signal)
  if (isMarked) run.emit({ type: 'mark', name: 'hold-end' })
}

/** Only the last hold shows the end state, and only if no change comes after it and nothing is waited for any more. */
function showsEndState({ scenario, state }: Run, step: Step): boolean {
  const later = scenario.steps.slice(scenario.steps.indexOf(step) + 1)
  return (
    state.trigger !== undefined && !later.some((one) => isChange(one) || 'waitFor' in one || 'hold' in one)
  )
}

async function runStep(run: Run, step: Step, name: string): Promise<void> {
  if ('hold' in step) return hold(run, step)
  if ('mark' in step) return void run.emit({ type: 'note', level: 'info', text: step.mark })
  const seconds = limitSeconds(step, run.state.parameters, {
    isEmulated: run.testbed !== undefined && isEmulated(run.testbed),
  })
  if ('waitFor' in step) return awaitCondition(run, name, waits[step.waitFor], seconds)
  const late = () =>
    new StepFailure('timeout', `${name} took more than ${seconds} s`, 'the action had not ended')
  const over = new AbortController()
  const acting = act(run, step, AbortSignal.any([run.signal, over.signal]))
  acting.catch(() => {})
  try {
    await within(acting, seconds * 1000, run.signal, late)
  } finally {
    over.abort()
  }
}

/** Runs the steps of a scenario. Throws what ended it early: a StepFailure, or the reason of the run's signal. */
export async function runSteps(run: Run, onStep: () => void): Promise<void> {
  for (const [index, step] of run.scenario.steps.entries()) {
    const name = stepName(step)
    run.state.stepStarted(name, index, run.clock.now())
    run.emit({ type: 'step', index, name, phase: 'start' })
    onStep()
    try {
      run.signal.throwIfAborted()
      await runStep(run, step, name)
    } catch (error) {
      const phase = error instanceof StepFailure ? error.phase : 'failed'
      const missed = error instanceof StepFailure ? error.lastMismatch : undefined
      run.emit({ type: 'step', index, name, phase, lastMismatch: missed })
      throw error
    }
    run.emit({ type: 'step', index, name, phase: 'done' })
  }
}
