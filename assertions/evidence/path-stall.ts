import type { RunView } from '#weir/record/view/index.ts'
import { oncePerRun } from './once.ts'
import { SECOND } from './wording.ts'

/** An answer that takes so long came over a path, or from a machine, that stood still. A refused connection is quick. */
const SLOW_NS = SECOND
/** Pauses no longer than this are the rhythm of the polls. */
const USUAL_NS = 2 * SECOND

/** A stretch in which the cluster answered nothing that weir asked of it: no scrape of any pod and no sample of EMQX's API. */
export interface PathStall {
  fromT: number
  toT: number
}

/**
 * When everything between weir and all nodes stood still: between two quick answers of any node, when every request in between was
 * slow or timed out. A node, or the Service, that fails alone leaves the others' answers quick.
 */
export const pathStalls: (run: RunView) => readonly PathStall[] = oncePerRun(findStalls)

function findStalls(run: RunView): PathStall[] {
  const requests = [
    ...run.record.scrapes.map(({ t, tookNs, ok }) => ({ t, tookNs, ok })),
    ...[...run.of('evacuation'), ...run.of('nodes')].map(({ t, tookNs }) => ({ t, tookNs, ok: true })),
  ].sort((a, b) => a.t - b.t)
  const stalls: PathStall[] = []
  let lastT = requests[0]?.t ?? 0
  let isSlow = false
  for (const { t, tookNs, ok } of requests) {
    if (tookNs > SLOW_NS) isSlow = true
    else if (ok) {
      if (isSlow && t - lastT > USUAL_NS) stalls.push({ fromT: lastT, toT: t })
      lastT = t
      isSlow = false
    }
  }
  const endT = requests.at(-1)?.t ?? lastT
  if (isSlow && endT - lastT > USUAL_NS) stalls.push({ fromT: lastT, toT: endT })
  return stalls
}

/** The longest of them that overlaps [fromT, toT], in nanoseconds; 0 when none does. */
export function longestPathStall(run: RunView, fromT: number, toT: number): number {
  let longest = 0
  for (const stall of pathStalls(run))
    if (stall.fromT <= toT && stall.toT >= fromT) longest = Math.max(longest, stall.toT - stall.fromT)
  return longest
}
