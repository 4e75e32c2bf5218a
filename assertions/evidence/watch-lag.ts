import type { RunView } from '#weir/record/view/index.ts'

/**
 * How late the watches reported the change itself, in nanoseconds; 0 when that is unknown. The harness makes the change and the
 * API server accepts it at the trigger: the next generation of the resource must show then. Both times are of the harness's clock. An
 * operation may begin with a change beside the resource, such as an evacuation: then the last trigger before that generation counts. A
 * transfer changes no resource at all.
 */
export function watchLag(run: RunView): number {
  const { trigger } = run.moments
  if (trigger === undefined) return 0
  if (run.of('setting').some(({ name, phase }) => name === 'project' && phase === 'asked')) return 0
  const before = run.of('cr').findLast(({ t }) => t <= trigger)
  if (before === undefined) return 0
  const next = run.of('cr').find(({ t, generation }) => t > trigger && generation > before.generation)
  if (next === undefined) return 0
  const made = run.of('mark').findLast(({ t, name }) => name === 'trigger' && t <= next.t)
  return next.t - (made?.t ?? trigger)
}
