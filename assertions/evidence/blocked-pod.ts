import type { RunView } from '#weir/record/view/index.ts'

/** A pod that Kubernetes could not start, and why, as it stood at `t`; undefined when every pod could. */
export function blockedPod(run: RunView, t: number): { pod: string; why: string } | undefined {
  const last = new Map(run.of('pod').flatMap((event) => (event.t <= t ? [[event.uid, event] as const] : [])))
  const stuck = [...last.values()].find(({ blocked, deleted }) => blocked !== undefined && !deleted)
  return stuck?.blocked === undefined ? undefined : { pod: stuck.name, why: stuck.blocked }
}
