import type { Run } from '../run/run.ts'
import { audited } from './audited.ts'
import { changedValues } from './changed-values.ts'

/** When the run ends, whatever ends it, the resource gets the values of `undo` again. That is no change that is judged. */
export function takeBackAtTheEnd(run: Run, undo: unknown): void {
  run.cleanUp.add(() =>
    audited(run, 'take-back', 'what was changed for the run', async () => {
      const { kube, dialect, namespace, name } = run.cluster
      const before = await run.cluster.resource()
      const after = await kube.patch(dialect.resource, namespace, name, 'merge', undo)
      return changedValues(undo, before, after)
    }),
  )
}
