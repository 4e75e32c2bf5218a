import type { GroupWill } from '#weir/facts/index.ts'
import { END } from '#weir/record/view/connections.ts'
import type { RunView } from '#weir/record/view/index.ts'
import { crashBehind } from './crashes.ts'
import { SECOND } from './wording.ts'

/**
 * What is promised of the will of one connection: that it is published at `dueT`; that it never is; that it is not before
 * `dueT`, but perhaps never; or nothing. `why` names a message.
 */
export type WillPromise =
  | { kind: 'due'; dueT: number }
  | { kind: 'never'; why: 'leftByPlan' | 'stillConnected' | 'backInTime' }
  | { kind: 'perhaps'; dueT: number }

/** DISCONNECT reason "session taken over" (MQTT 5 §3.14.2.1). */
const TAKEN_OVER = 0x8e

/**
 * EMQX publishes a will at once when a connection ends otherwise than by DISCONNECT 0; eviction is such an end. One with a delay
 * waits it out, or as long as the session lasts, and is dropped when the session is taken over before (docs/contract/emqx.md#wills).
 * Nothing is promised for wills on a node that is killed, nor for delayed ones whose session was moved or has no expiry: there
 * versions differ or were not measured.
 */
export function promiseOf(run: RunView, row: number, will: GroupWill, slackNs: number): WillPromise {
  const { connections } = run
  const end = connections.end[row]
  const t = connections.to[row]!
  if (end === END.own) return { kind: 'never', why: 'leftByPlan' }
  if (end === END.open) return { kind: 'never', why: 'stillConnected' }
  const waitNs = Math.min(will.delaySeconds, will.sessionSeconds) * SECOND
  const perhaps: WillPromise = { kind: 'perhaps', dueT: t + waitNs }
  if (will.delaySeconds > 0) {
    const back = returnOf(run, row)
    if (will.sessionSeconds === 0 || back.isElsewhere) return perhaps
    if (back.t <= t + waitNs - slackNs) return { kind: 'never', why: 'backInTime' }
    if (back.t < t + waitNs + slackNs || mayHaveMoved(run, row, t + waitNs + slackNs)) return perhaps
  }
  if (!isServersEnd(run, row) || isDying(run, row, t + waitNs + slackNs)) return perhaps
  return { kind: 'due', dueT: t + waitNs }
}

/** When the client resumed its session, if it did; `isElsewhere` when it came back without a session, or that is unknown. */
function returnOf({ connections }: RunView, row: number): { t: number; isElsewhere: boolean } {
  const next = row + 1
  if (next >= connections.firstOf[connections.client[row]! + 1]!)
    return { t: Number.POSITIVE_INFINITY, isElsewhere: false }
  return { t: connections.from[next]!, isElsewhere: connections.sessionPresent[next] !== 1 }
}

/** Ends that the server made or at least saw as they were seen here. A reset may be the path's, and a client's own decision unknown to it. */
function isServersEnd({ connections, record }: RunView, row: number): boolean {
  const reason = record.clients.reasons[connections.endReason[row]!]
  if (reason === 'disconnect-packet') return connections.endCode[row] !== TAKEN_OVER
  return reason === 'closed'
}

/** Whether its node was killed by then, or is unknown. */
function isDying(run: RunView, row: number, untilT: number): boolean {
  const { connections, nodes } = run
  const node = nodes[connections.node[row]!]
  if (crashBehind(run, connections.node[row]!, connections.to[row]!)) return true
  return node === undefined || (node.deletingT !== undefined && node.deletingT <= untilT)
}

/** Whether its node may have moved sessions that had no client by then, or its own account is not known. */
function mayHaveMoved(run: RunView, row: number, untilT: number): boolean {
  return run.evacuations
    .filter(({ node }) => node === run.connections.node[row])
    .some(({ states }) =>
      states.some(
        ({ state, notBeforeT }) =>
          (state === 'evicting_sessions' || state === 'prohibiting') && notBeforeT <= untilT,
      ),
    )
}
