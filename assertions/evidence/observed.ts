import type { RunView } from '#weir/record/view/index.ts'

/** Actions that change nothing of a cluster that is there. */
const HARMLESS: ReadonlySet<string> = new Set(['apply', 'start-fleet'])

/** True when somebody else made the change: then the end of the recording is no deadline that the upgrade had. */
function isObserved(run: RunView): boolean {
  const { trigger } = run.moments
  return !run.of('action').some(({ t, action }) => t <= (trigger ?? 0) && !HARMLESS.has(action))
}

/** True when an observation came to the end of its time while it waited for the change, or for its end. */
export function ranOut(run: RunView): boolean {
  return isObserved(run) && run.of('step').some(({ phase }) => phase === 'timeout')
}
