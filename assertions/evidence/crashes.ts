import type { WatchEvent } from '#weir/facts/index.ts'
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

interface ContainerStatus {
  name?: string
  state?: { terminated?: Terminated }
  lastState?: { terminated?: Terminated }
}

interface Terminated {
  exitCode?: number
  reason?: string
  finishedAt?: string
}

/** A kubelet reports the end of a container within seconds of it; its clients are closed at the end itself. */
export const CRASH_REPORT_NS = 6 * SECOND

/** Crashes between the arrival of the fleet and its leaving, in order of time. Pods that are being deleted end as they should. */
export const crashesOf: (run: RunView) => readonly Crash[] = oncePerRun(findCrashes)

function findCrashes(run: RunView): Crash[] {
  const { fleetReady = 0, fleetStopping = Number.POSITIVE_INFINITY } = run.moments
  const lastEnd = new Map<string, string>()
  const crashes: Crash[] = []
  for (const event of run.of('watch')) {
    const status = event.kind === 'Pod' ? emqxStatus(event) : undefined
    if (!status) continue
    const ended = status.state?.terminated ?? status.lastState?.terminated
    const finishedAt = ended?.finishedAt ?? ''
    const before = lastEnd.get(event.name)
    lastEnd.set(event.name, finishedAt)
    const node = run.nodeByPod.get(event.name)
    const isNew = before !== undefined && ended !== undefined && finishedAt !== before
    if (!isNew || node === undefined || event.t < fleetReady || event.t > fleetStopping) continue
    const { deletingT = Number.POSITIVE_INFINITY } = run.nodes[node]!
    if (event.t < deletingT)
      crashes.push({ node, t: event.t, exitCode: ended.exitCode, reason: ended.reason })
  }
  return crashes
}

function emqxStatus({ object }: WatchEvent): ContainerStatus | undefined {
  const { status } = (object ?? {}) as { status?: { containerStatuses?: unknown } }
  if (!Array.isArray(status?.containerStatuses)) return undefined
  const all = status.containerStatuses as ContainerStatus[]
  return all.find(({ name }) => name === 'emqx') ?? all[0]
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
