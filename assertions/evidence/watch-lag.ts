import type { RunView } from '#weir/record/view/index.ts'

/**
 * How late the watches reported the change itself, in nanoseconds; 0 when that is unknown. The harness makes the change and the
 * API server accepts it at the trigger: the next generation of the resource must show then. Both times are of the harness's clock.
 */
export function watchLag(run: RunView): number {
  const { trigger } = run.moments
  if (trigger === undefined) return 0
  const before = run.of('cr').findLast(({ t }) => t <= trigger)
  if (before === undefined) return 0
  const next = run.of('cr').find(({ t, generation }) => t > trigger && generation > before.generation)
  return next ? next.t - trigger : 0
}
