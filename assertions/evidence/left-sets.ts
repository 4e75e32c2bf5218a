import type { SetEvent } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'

/** Sets that came after the change and want pods at `t`. */
export function leftSets(run: RunView, t: number): SetEvent[] {
  const { trigger = Number.POSITIVE_INFINITY } = run.moments
  const events = run.of('set').filter((event) => event.t <= t)
  const before = new Set(events.flatMap((event) => (event.t <= trigger ? [event.name] : [])))
  const last = new Map(events.map((event) => [event.name, event] as const))
  return [...last.values()].filter(
    ({ name, deleted, specReplicas }) => !before.has(name) && !deleted && specReplicas > 0,
  )
}
