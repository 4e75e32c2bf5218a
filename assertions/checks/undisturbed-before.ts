import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { crashesOf, droppedBy } from '../evidence/crashes.ts'
import { judgedSpan } from '../evidence/span.ts'
import { moment, shortName } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES['undisturbed-before']
const { settle, shared } = MESSAGES

/** New nodes that start and join must not disturb clients before the first evacuation. */
export const undisturbedBefore: Check<'undisturbed-before'> = (run, bounds) => {
  const { fromT, toT } = judgedSpan(run)
  const untilT = run.moments.firstEviction ?? Math.min(toT, lastAskedT(run) ?? toT)
  const lost = lostBefore(run, untilT)
  const bound = text.bound(bounds)
  const figures = { lostBefore: lost.length }
  const seen = [evidence('clients.arrow', fromT, untilT, text.spanSeen)]
  const until = run.moments.firstEviction === undefined ? text.untilLastSample : text.untilEvacuation
  const crash = run.moments.trigger === undefined && crashWithClients(run)
  if (crash) {
    const node = shortName(run, crash.node)
    const clients = droppedBy(run, crash)
    return fail({
      bound,
      measured: text.measured({ lost: clients }),
      sentence: text.crashedUnchanged({ ...crash, node, clients, at: moment(run, crash.t) }),
      evidence: [evidence('events.ndjson', crash.t, crash.t, text.crashSeen({ node }))],
      figures: { lostBefore: clients },
    })
  }
  if (run.moments.trigger === undefined || run.connections.length === 0)
    return unknown({
      bound,
      measured: shared.unknown,
      why: text.noClients,
      settle: text.noClientsSettle,
    })
  if (run.moments.firstEviction === undefined && lost.length > 0 && run.of('evacuation').length === 0)
    return unknown({
      bound,
      measured: shared.unknown,
      why: text.neverPolled({ lost: lost.length }),
      settle: text.neverPolledSettle,
      figures,
    })
  if (lost.length <= bounds.clients && run.moments.firstEvictionUnseen)
    return unknown({
      bound,
      measured: shared.unknown,
      why: text.unsampled({ at: moment(run, untilT) }),
      settle: settle.samplesWithoutPause,
      figures,
    })
  if (lost.length <= bounds.clients)
    return pass({
      bound,
      measured: text.measured({ lost: lost.length }),
      sentence: text.held({ until }),
      evidence: seen,
      figures,
    })
  const [first] = lost
  const firstT = run.evictions.t[first!]!
  return fail({
    bound,
    measured: text.measured({ lost: lost.length }),
    sentence: text.lost({ clients: lost.length, nodes: nodesOf(run, lost), at: moment(run, firstT) }),
    evidence: [evidence('clients.arrow', firstT, run.evictions.t[lost.at(-1)!]!, text.lostSeen), ...seen],
    figures: { ...figures, firstClient: run.record.fleet.ids[run.evictions.client[first!]!] ?? null },
  })
}

const crashWithClients = (run: RunView) => crashesOf(run).find((crash) => droppedBy(run, crash) > 0)

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

function nodesOf(run: RunView, evictions: readonly number[]): string[] {
  const names = new Set(evictions.map((i) => shortName(run, run.evictions.node[i]!)))
  return [...names].sort()
}
