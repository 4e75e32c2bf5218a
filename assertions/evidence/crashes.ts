import type { RunView } from '#weir/record/view/index.ts'
import { oncePerRun } from './once.ts'
import { SECOND } from './wording.ts'

/** A node's container that ended while its pod was to stay. */
export interface Crash {
  node: number
  /** When the pod's status showed it. */
  t: number
  exitCode?: number
  /** As the kubelet reports it: "Error", "OOMKilled". */
  reason?: string
}

/** A kubelet reports the end of a container within seconds of it; its clients are closed at the end itself. */
export const CRASH_REPORT_NS = 6 * SECOND

/** Crashes between the arrival of the fleet and its leaving, in order of time. Pods that are being deleted end as they should. */
export const crashesOf: (run: RunView) => readonly Crash[] = oncePerRun(findCrashes)

function findCrashes(run: RunView): Crash[] {
  const { fleetReady = 0, fleetStopping = Number.POSITIVE_INFINITY } = run.moments
  const ends = new Map<string, string | undefined>()
  const crashes: Crash[] = []
  for (const { t, name, uid, container } of run.of('pod')) {
    if (!container) continue
    const { lastEnd } = container
    const isNew = lastEnd !== undefined && ends.has(uid) && ends.get(uid) !== lastEnd.finishedAt
    ends.set(uid, lastEnd?.finishedAt)
    const node = run.nodeOfPodAt(name, t)
    if (!isNew || node < 0 || t < fleetReady || t > fleetStopping) continue
    const { deletingT = Number.POSITIVE_INFINITY } = run.nodes[node]!
    if (t < deletingT) crashes.push({ node, t, exitCode: lastEnd.exitCode, reason: lastEnd.reason })
  }
  return crashes
}

/** The crash that ended a connection to `node` at `t`, if one did. */
export function crashBehind(run: RunView, node: number, t: number): Crash | undefined {
  return crashesOf(run).find(
    (crash) => crash.node === node && t > crash.t - CRASH_REPORT_NS && t < crash.t + SECOND,
  )
}

/** Ends of connections after the trigger that are evictions: all but those of crashes. Indices into `run.evictions`. */
export function evictedRows(run: RunView): number[] {
  const { evictions } = run
  const all = Array.from({ length: evictions.length }, (_, i) => i)
  if (crashesOf(run).length === 0) return all
  return all.filter((i) => !crashBehind(run, evictions.node[i]!, evictions.t[i]!))
}

/** How many clients each crash disconnected. */
export function droppedBy(run: RunView, crash: Crash): number {
  let dropped = 0
  for (const losses of [run.evictions, run.lossesBeforeTrigger])
    for (let i = 0; i < losses.length; i++)
      if (crashBehind(run, losses.node[i]!, losses.t[i]!) === crash) dropped++
  return dropped
}
