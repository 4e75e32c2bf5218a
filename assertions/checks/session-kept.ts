import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { judgedSpan } from '../evidence/span.ts'
import { atTrigger, count, shortName } from '../evidence/wording.ts'
import { evidence, fail, pass, unknown } from '../verdict/finding.ts'

/** A persistent client that comes back must find its session: subscriptions, queue and all (MQTT 5.0, 3.2.2.1.1). */
export const sessionKept: Check<'session-kept'> = (run, bounds) => {
  const bound = 'session present = 1 after every move of a persistent client'
  const found = movesOf(run)
  const figures = { moves: found.moves, lost: found.lost, untold: found.untold }
  const { fromT, toT } = judgedSpan(run)
  if (found.lost > bounds.lost) {
    const id = run.record.fleet.ids[found.firstClient] ?? found.firstClient
    return fail({
      bound,
      measured: `${found.lost} of ${found.moves} lost`,
      sentence: `${found.lost} of ${count(found.moves, 'move')} of persistent clients ended in an empty session, the first that of ${id} to ${shortName(run, found.firstNode)} ${atTrigger(run, found.firstT)}.`,
      evidence: [evidence('clients.arrow', found.firstT, found.lastT, 'CONNACKs without session present')],
      figures: { ...figures, firstClient: String(id) },
    })
  }
  if (found.moves === 0 || found.untold > 0)
    return unknown({
      bound,
      measured: found.moves === 0 ? 'no persistent client moved' : `${found.untold} of ${found.moves} untold`,
      why:
        found.moves === 0
          ? 'no persistent client was evicted and came back'
          : `${count(found.untold, 'CONNACK')} did not say whether a session was there`,
      settle: 'a fleet with persistent clients (clean start off, session expiry above 0)',
      figures,
    })
  return pass({
    bound,
    measured: `${found.moves - found.lost} of ${found.moves} kept`,
    sentence: `${count(found.moves, 'move')} of persistent clients, every one with its session.`,
    evidence: [evidence('clients.arrow', fromT, toT, 'CONNACKs after evictions')],
    figures,
  })
}

interface Moves {
  moves: number
  lost: number
  untold: number
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
  const found: Moves = { moves: 0, lost: 0, untold: 0, firstClient: -1, firstNode: -1, firstT: 0, lastT: 0 }
  const persistent = fleet.groups.map((group) => group.persistent)
  for (let i = 0; i < evictions.length; i++) {
    const client = evictions.client[i]!
    const next = evictions.connection[i]! + 1
    const isBack = next < connections.firstOf[client + 1]! && connections.from[next]! < toT
    if (!isBack || persistent[fleet.group[client]!] !== true) continue
    found.moves++
    if (connections.sessionPresent[next] === -1) found.untold++
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
