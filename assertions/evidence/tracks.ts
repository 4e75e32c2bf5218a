import {
  type Evacuation,
  type EvacuationState,
  takeoverSeconds as secondsOfTakeover,
} from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import { namesEndedByRun } from './ended-by-run.ts'
import { askedOf } from './requested.ts'

/** One sample of a node's evacuation: true at some instant within [askedT, t]. */
export interface TrackSample {
  askedT: number
  t: number
  state: EvacuationState
  connected: number
  sessions: number
  initialSessions: number
}

/** One node's evacuation, from EMQX's API. */
export interface Track {
  node: number
  samples: TrackSample[]
  /** When the last answer without it was asked for: it may have begun any time after. */
  notBeforeT: number
  /** The first answer without it again. */
  goneT?: number
}

/** EMQX takes a wait of 0 for its own default (docs/contract/emqx.md#evacuation-states). */
export const takeoverSeconds = (run: RunView) => secondsOfTakeover(askedOf(run).waitTakeoverSeconds)

/**
 * Evacuations in the order in which they were first seen. One that the run cut short with its node is left out, and so is what a node tells
 * that began anew in a volume that an evacuated one left: nobody evacuates it, and it never had a client.
 */
export function tracksOf(run: RunView): Track[] {
  const tracks = new Map<number, Track>()
  const endedT = namesEndedByRun(run)
  let lastAskedT = run.moments.trigger ?? 0
  for (const event of run.of('evacuation')) {
    const askedT = event.t - event.tookNs
    const seen = new Set<number>()
    for (const status of event.evacuations) {
      const node = run.nodeAt(status.node, event.t)
      if (node === undefined || event.t <= (endedT.get(status.node) ?? Number.NEGATIVE_INFINITY)) continue
      if (!tracks.has(node) && isLeftOver(run, tracks, status)) continue
      seen.add(node)
      const track = tracks.get(node) ?? { node, samples: [], notBeforeT: lastAskedT }
      tracks.set(node, track)
      track.goneT = undefined
      track.samples.push({
        askedT,
        t: event.t,
        state: status.state,
        connected: status.currentConnected,
        sessions: status.currentSessions,
        initialSessions: status.initialSessions,
      })
    }
    for (const track of tracks.values()) if (!seen.has(track.node)) track.goneT ??= event.t
    lastAskedT = askedT
  }
  return [...tracks.values()]
}

/** Another node of this name was evacuated before, and this one has had nobody to evict. */
const isLeftOver = (
  run: RunView,
  tracks: ReadonlyMap<number, Track>,
  { node, initialConnected, currentConnected }: Evacuation,
) =>
  initialConnected + currentConnected === 0 &&
  [...tracks.keys()].some((earlier) => run.nodes[earlier]?.name === node)

/** Connections that the clients held to a node at `t`. */
export function openAt(run: RunView, node: number, t: number): number {
  const { connections } = run
  let open = 0
  for (let row = 0; row < connections.length; row++)
    if (connections.node[row] === node && (connections.from[row] ?? 0) < t && (connections.to[row] ?? 0) > t)
      open++
  return open
}

/** When each old node lost its clients, leaving out the first and last twentieth: strays are no evacuation. */
export function evictionSpans(run: RunView): Map<number, { fromT: number; toT: number; clients: number }> {
  const { evictions } = run
  const since = run.moments.firstEviction ?? 0
  const times = new Map<number, number[]>()
  for (let i = 0; i < evictions.length; i++) {
    const node = evictions.node[i] ?? -1
    const t = evictions.t[i] ?? 0
    if (t < since || run.nodes[node]?.side !== 'old') continue
    const list = times.get(node)
    if (list) list.push(t)
    else times.set(node, [t])
  }
  const spans = new Map<number, { fromT: number; toT: number; clients: number }>()
  for (const [node, list] of times) {
    const trim = Math.floor(list.length / 20)
    spans.set(node, { fromT: list[trim] ?? 0, toT: list[list.length - 1 - trim] ?? 0, clients: list.length })
  }
  return spans
}
