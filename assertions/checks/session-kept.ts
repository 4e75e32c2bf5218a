import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { endedByRun } from '../evidence/ended-by-run.ts'
import { judgedSpan } from '../evidence/span.ts'
import { clientId, moment, shortName } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES['session-kept']

/** A persistent client that comes back must find its session: subscriptions, queue and all (MQTT 5.0, 3.2.2.1.1). */
export const sessionKept: Check<'session-kept'> = (run, bounds) => {
  const { bound } = text
  const found = movesOf(run)
  const figures = { moves: found.moves, lost: found.lost, mostLost: bounds.lost, untold: found.unreported }
  const { fromT, toT } = judgedSpan(run)
  if (found.lost > bounds.lost) {
    const client = clientId(run, found.firstClient)
    return fail({
      bound,
      measured: text.measuredLost(found),
      sentence: text.lost({
        ...found,
        client,
        node: shortName(run, found.firstNode),
        at: moment(run, found.firstT),
      }),
      evidence: [evidence('clients.arrow', found.firstT, found.lastT, text.lostSeen)],
      figures: { ...figures, firstClient: client },
    })
  }
  if (found.moves === 0 || found.unreported > 0)
    return unknown({
      bound,
      ...(found.moves === 0 ? text.none : text.unreported(found)),
      settle: text.noneSettle,
      figures,
    })
  return pass({
    bound,
    measured: text.measured({ kept: found.moves - found.lost, moves: found.moves }),
    sentence: text.held(found),
    evidence: [evidence('clients.arrow', fromT, toT, text.seen)],
    figures,
  })
}

interface Moves {
  moves: number
  lost: number
  unreported: number
  firstClient: number
  firstNode: number
  firstT: number
  lastT: number
}

/** The connections with which persistent clients came back after an eviction. */
function movesOf(run: RunView): Moves {
  const { connections, evictions } = run
  const { fleet } = run.record
  const { toT } = judgedSpan(run)
  const found: Moves = {
    moves: 0,
    lost: 0,
    unreported: 0,
    firstClient: -1,
    firstNode: -1,
    firstT: 0,
    lastT: 0,
  }
  const ended = endedByRun(run)
  const persistent = fleet.groups.map((group) => group.persistent)
  for (let i = 0; i < evictions.length; i++) {
    const client = evictions.client[i]!
    const next = evictions.connection[i]! + 1
    const isBack = next < connections.firstOf[client + 1]! && connections.from[next]! < toT
    if (!isBack || persistent[fleet.group[client]!] !== true) continue
    // Evicted, and not yet back, when the run itself ended the node that had its session.
    if (connections.from[next]! >= (ended.get(evictions.node[i]!) ?? Number.POSITIVE_INFINITY)) continue
    found.moves++
    if (connections.sessionPresent[next] === -1) found.unreported++
    if (connections.sessionPresent[next] !== 0) continue
    const t = connections.from[next]!
    if (found.lost++ === 0 || t < found.firstT) {
      found.firstT = t
      found.firstClient = client
      found.firstNode = connections.node[next]!
    }
    found.lastT = Math.max(found.lastT, t)
  }
  return found
}
