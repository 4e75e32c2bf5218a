import type { NodeView, RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { actionT } from '../evidence/actions.ts'
import { hadItsTime, nodesAt } from '../evidence/members.ts'
import { endStateT } from '../evidence/span.ts'
import { blindTo } from '../evidence/watches.ts'
import { clientId, moment, SECOND } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { type AssertionResult, evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES.stopped
const { settle, shared } = MESSAGES

/** Stopped means that no pod is left, whatever the resource says. Started means as many pods as before. */
export const stopped: Check<'stopped'> = (run, bounds) => {
  const bound = text.bound(bounds)
  const open = (why: string, resolve: string) =>
    unknown({ bound, measured: shared.unknown, why, settle: resolve })
  const stop = actionT(run, 'stop')
  if (!stop) return open(text.noStop, text.noStopSettle)
  const start = actionT(run, 'start')
  const lastT = endStateT(run)
  const untilT = start?.begunT ?? lastT
  const broken = (sentence: string, measured: string, fromT: number, toT: number): AssertionResult =>
    fail({ bound, measured, sentence, evidence: [evidence('events.ndjson', fromT, toT, text.podsSeen)] })
  const before = run.nodes.filter(
    ({ firstSeenT, deletedT = Infinity }) => firstSeenT <= stop.begunT && deletedT > stop.begunT,
  )
  const staying = before.filter(({ deletedT = Infinity }) => deletedT > untilT)
  const limitT = stop.doneT + bounds.seconds * SECOND
  if (staying.length > 0) {
    if (blindTo(run, 'pods', stop.begunT, untilT)) return open(text.blind, settle.watches)
    if (untilT < limitT && !start) return open(text.unfinished({ pods: staying.length }), settle.wholeRun)
    return broken(
      text.stay({ pods: namesOf(staying), ns: untilT - stop.doneT }),
      text.measuredStay({ pods: staying.length }),
      stop.begunT,
      untilT,
    )
  }
  const goneT = Math.max(stop.doneT, ...before.map(({ deletedT = 0 }) => deletedT))
  const tookNs = goneT - stop.doneT
  if (goneT > limitT)
    return broken(text.late({ ns: tookNs }), text.measured({ ns: tookNs }), stop.begunT, goneT)
  const back = run.nodes.find(({ firstSeenT }) => firstSeenT > stop.doneT && firstSeenT < untilT)
  if (back)
    return broken(
      text.back({ pod: back.pod, at: moment(run, back.firstSeenT) }),
      text.measured({ ns: tookNs }),
      goneT,
      untilT,
    )
  const held = connectedAfter(run, goneT, untilT, bounds.closeSeconds * SECOND)
  if (held)
    return broken(
      text.connected({ client: clientId(run, held.client), at: moment(run, held.t) }),
      text.measured({ ns: tookNs }),
      goneT,
      untilT,
    )
  if (blindTo(run, 'pods', stop.begunT, untilT)) return open(text.blind, settle.watches)
  if (start) {
    const next = run.of('action').find(({ t, phase }) => phase === 'start' && t > start.doneT)
    const restoredT = Math.min(next?.t ?? lastT, lastT)
    const now = nodesAt(run, restoredT)
    if (now.length !== before.length) {
      // What came next may have come too soon, unless the resource was said to be whole again.
      const isWhole = run.of('cr').findLast(({ t }) => t <= restoredT)?.settled ?? false
      if (next && !isWhole)
        return open(text.overtaken({ now: now.length, before: before.length }), text.overtakenSettle)
      if (!next && !hadItsTime(run))
        return open(text.unrestored({ now: now.length, before: before.length }), settle.wholeRun)
      if (blindTo(run, 'pods', start.begunT, restoredT)) return open(text.blind, settle.watches)
      return broken(
        text.restored({ now: now.length, before: before.length }),
        text.measuredRestored({ now: now.length, before: before.length }),
        start.begunT,
        restoredT,
      )
    }
  }
  return pass({
    bound,
    measured: text.measured({ ns: tookNs }),
    figures: { stopSeconds: tookNs / SECOND, pods: before.length },
    sentence: text.held({ pods: before.length, ns: tookNs, started: start !== undefined }),
    evidence: [evidence('events.ndjson', stop.begunT, untilT, text.podsSeen)],
  })
}

const namesOf = (nodes: readonly NodeView[]) => nodes.map(({ pod }) => pod)

/** A client that is connected although no pod is left to be connected to. */
function connectedAfter(
  run: RunView,
  goneT: number,
  untilT: number,
  closeNs: number,
): { client: number; t: number } | undefined {
  const { connections } = run
  for (let i = 0; i < connections.length; i++) {
    const from = connections.from[i]!
    const client = connections.client[i]!
    if (from > goneT + SECOND && from < untilT) return { client, t: from }
    if (from <= goneT && Math.min(connections.to[i]!, untilT) > goneT + closeNs)
      return { client, t: goneT + closeNs }
  }
  return undefined
}
