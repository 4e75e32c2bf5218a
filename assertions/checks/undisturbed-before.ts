import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { judgedSpan } from '../evidence/span.ts'
import { atTrigger, count, shortName } from '../evidence/wording.ts'
import { evidence, fail, pass, unknown } from '../verdict/finding.ts'

/** New nodes that start and join must cost the clients nothing: their turn comes with the first evacuation. */
export const undisturbedBefore: Check<'undisturbed-before'> = (run, bounds) => {
  const { fromT, toT } = judgedSpan(run)
  const untilT = run.moments.firstEviction ?? Math.min(toT, lastAskedT(run) ?? toT)
  const lost = lostBefore(run, untilT)
  const bound = `${bounds.clients} connections lost before the first evacuation`
  const figures = { lostBefore: lost.length }
  const seen = [evidence('clients.arrow', fromT, untilT, 'from the trigger to the first evacuation')]
  const until = run.moments.firstEviction === undefined ? 'the end of what EMQX told' : 'the first evacuation'
  if (run.moments.trigger === undefined || run.connections.length === 0)
    return unknown({
      bound,
      measured: 'unknown',
      why: 'the record has no trigger, or no clients',
      settle: 'a run in which clients are connected when the change is made',
    })
  if (run.moments.firstEviction === undefined && lost.length > 0 && run.of('evacuation').length === 0)
    return unknown({
      bound,
      measured: 'unknown',
      why: `EMQX was never polled, so ${count(lost.length, 'connection')} may have ended before or after the first evacuation began`,
      settle: "samples of EMQX's evacuation status",
      figures,
    })
  if (lost.length <= bounds.clients)
    return pass({
      bound,
      measured: count(lost.length, 'connection'),
      sentence: `Nobody lost a connection between the trigger and ${until}.`,
      evidence: seen,
      figures,
    })
  const [first] = lost
  const firstT = run.evictions.t[first!]!
  return fail({
    bound,
    measured: count(lost.length, 'connection'),
    sentence: `${count(lost.length, 'client')} of ${nodesOf(run, lost)} lost the connection before any node was evacuated, the first ${atTrigger(run, firstT)}.`,
    evidence: [
      evidence('clients.arrow', firstT, run.evictions.t[lost.at(-1)!]!, 'connections lost too early'),
      ...seen,
    ],
    figures: { ...figures, firstClient: run.record.fleet.ids[run.evictions.client[first!]!] ?? null },
  })
}

/** Later than this an evacuation may have begun that the record does not go far enough to show. */
function lastAskedT(run: RunView): number | undefined {
  const last = run.of('evacuation').at(-1)
  return last && last.t - last.tookNs
}

/** Evictions before `untilT`. One whose node is unknown may be the first of an evacuation that has just begun. */
function lostBefore(run: RunView, untilT: number): number[] {
  const begun = run.evacuations.flatMap((one) =>
    one.states.filter(({ state }) => state !== 'waiting_health_check').map((state) => state.notBeforeT),
  )
  const mayEvictFrom = Math.min(...begun, untilT)
  const lost: number[] = []
  for (let i = 0; i < run.evictions.length && run.evictions.t[i]! < untilT; i++)
    if (run.evictions.node[i]! >= 0 || run.evictions.t[i]! < mayEvictFrom) lost.push(i)
  return lost
}

function nodesOf(run: RunView, evictions: readonly number[]): string {
  const names = new Set(evictions.map((i) => shortName(run, run.evictions.node[i]!)))
  return [...names].sort().join(', ')
}
