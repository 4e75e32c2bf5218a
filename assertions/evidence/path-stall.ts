import type { RunView } from '#weir/record/view/index.ts'
import { oncePerRun } from './once.ts'
import { SECOND } from './wording.ts'

/** An answer that takes so long came over a path, or from a machine, that stood still. A refused connection is quick. */
const SLOW_NS = SECOND
/** Pauses no longer than this are the rhythm of the polls. */
const USUAL_NS = 2 * SECOND

/** A stretch in which all nodes answered nothing of one kind in time: the polls of weir, or the clients. */
export interface PathStall {
  fromT: number
  toT: number
}

/** A question that was answered, or given up, at `t`. */
interface Answer {
  t: number
  kind: 'quick' | 'slow' | 'none'
}

/**
 * When everything between weir and all nodes stood still: between two quick answers of any node, when every answer in between was slow.
 * A node, or the Service, that fails alone leaves the others' answers quick. Polls and clients may take different ways, so each has its
 * own stalls.
 */
export const pathStalls: (run: RunView) => readonly PathStall[] = oncePerRun((run) => [
  ...stallsIn(polls(run)),
  ...stallsIn(clientAnswers(run)),
])

const answer = (t: number, tookNs: number, ok: boolean): Answer => ({
  t,
  kind: tookNs > SLOW_NS ? 'slow' : ok ? 'quick' : 'none',
})

/** Weir's scrapes of every pod, and samples of EMQX's API. */
function polls(run: RunView): Answer[] {
  const { polls: scrapes = run.record.scrapes } = run.record
  return [
    ...scrapes.map(({ t, tookNs, ok }) => answer(t, tookNs, ok)),
    ...[...run.of('evacuation'), ...run.of('nodes')].map(({ t, tookNs }) => answer(t, tookNs, true)),
  ]
}

/**
 * Keep-alive pings of connections that lived through a stall are answered late, whatever node they are on: of what clients see, this alone
 * proves one. A probe connects anew, so its failure may be the Service's; its quick answer shows that nothing stands still.
 */
function clientAnswers(run: RunView): Answer[] {
  const pings = run.of('health').flatMap(({ t, pings }): Answer[] => {
    if (!pings) return []
    // Answers that a stall held back come before those to later pings.
    const both = [answer(t, pings.slowestMs * 1e6, true), answer(t, pings.quickestMs * 1e6, true)]
    return both[0]!.kind === 'slow' ? both : both.slice(1)
  })
  const probes = run.of('probe').map(({ t, tookNs, ok }) => answer(t, tookNs, ok))
  return [...pings, ...probes.filter(({ kind }) => kind === 'quick')]
}

function stallsIn(answers: Answer[]): PathStall[] {
  answers.sort((a, b) => a.t - b.t)
  const stalls: PathStall[] = []
  let lastT = answers[0]?.t ?? 0
  let isSlow = false
  for (const { t, kind } of answers) {
    if (kind === 'slow') isSlow = true
    else if (kind === 'quick') {
      if (isSlow && t - lastT > USUAL_NS) stalls.push({ fromT: lastT, toT: t })
      lastT = t
      isSlow = false
    }
  }
  const endT = answers.at(-1)?.t ?? lastT
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
