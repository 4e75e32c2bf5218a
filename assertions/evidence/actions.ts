import type { RunView } from '#weir/record/view/index.ts'

/** When an action of the run was sent, and when the API server had accepted it. Undefined when it was not. */
export function actionT(run: RunView, action: string): { begunT: number; doneT: number } | undefined {
  const events = run.of('action').filter((event) => event.action === action)
  const done = events.find(({ phase }) => phase === 'done')
  const begun = events.find(({ phase, id }) => phase === 'start' && id === done?.id)
  return begun && done ? { begunT: begun.t, doneT: done.t } : undefined
}
