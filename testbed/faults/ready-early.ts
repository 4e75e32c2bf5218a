import { tagOf } from '#weir/facts/index.ts'
import { fault } from './fault.ts'

export const readyEarly = fault({
  name: 'ready-early',
  part: 'operator',
  summary: 'the resource says that it is ready while pods are still being replaced',
  dialects: ['v3beta1'],
  caughtBy: ['state-truth'],
  // The run waits for the resource, so it may end before the pods are replaced.
  alsoFails: ['all-new', 'membership-exact', 'duration'],
  v3beta1: (next) => ({
    shownStatus(pass, truth) {
      const shown = next.shownStatus(pass, truth)
      const isMoving = (truth.nodeEvacuations ?? []).length > 0
      if (!isMoving) return shown
      const conditions = shown.conditions?.map((one) =>
        one.type === 'Ready'
          ? { ...one, status: 'True', reason: 'Ready', message: 'Cluster is ready' }
          : one.type.endsWith('Progressing')
            ? { ...one, status: 'False', reason: 'Converged' }
            : one,
      )
      const version = tagOf(pass.cr.spec.image) ?? ''
      const coreNodes = shown.coreNodes?.map((node) => ({ ...node, status: 'running', version }))
      return { ...shown, ...(conditions && { conditions }), ...(coreNodes && { coreNodes }) }
    },
  }),
})
