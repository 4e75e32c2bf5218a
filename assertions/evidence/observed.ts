import type { RunView } from '#weir/record/view/index.ts'

/** The step of an observation: a run that makes the change itself never waits for it to begin. */
const WAIT_FOR_ANOTHER = /\bchange-begun\b/

/**
 * True when an observation of somebody else's change came to the end of its time: that is no deadline that the upgrade had.
 */
export function ranOut(run: RunView): boolean {
  const steps = run.of('step')
  return (
    steps.some(({ name }) => WAIT_FOR_ANOTHER.test(name)) && steps.some(({ phase }) => phase === 'timeout')
  )
}
