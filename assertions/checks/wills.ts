import type { Bounds, GroupWill } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { movedWithin } from '../evidence/moves.ts'
import { judgedSpan } from '../evidence/span.ts'
import { measuredLateness } from '../evidence/stall.ts'
import { noAccount } from '../evidence/traffic-account.ts'
import { attemptOfConnections, WillsReceived } from '../evidence/will-history.ts'
import { promiseOf, type WillPromise } from '../evidence/will-promise.ts'
import { dueAt } from '../evidence/will-watcher.ts'
import { clientId, moment, SECOND } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES.wills
const { settle } = MESSAGES

/** A will announces that a client is gone: once, and only when it is gone (MQTT 5 §3.1.2.5, §3.1.3.2.2). */
export const wills: Check<'wills'> = (run, bounds) => {
  const bound = text.bound(bounds)
  const account = run.record.messages
  const hasWills = run.record.fleet.groups.some((group) => group.will)
  if (!account?.complete || !hasWills) return noAccount(run, 'wills', bound)
  const found = judgeWills(run, bounds)
  const { broken, due, withheld, open, excused } = found
  const { toT } = judgedSpan(run)
  const figures = {
    due,
    withheld,
    open,
    received: account.wills.length,
    ...Object.fromEntries(KINDS.map((kind) => [kind, broken.filter((one) => one.kind === kind).length])),
  }
  const measured = text.measured({ due, withheld, broken: broken.length })
  const [first] = broken
  if (first)
    return fail({
      bound,
      measured,
      sentence: text.wrong({
        broken: broken.length,
        all: due + withheld + broken.length,
        example: describe(run, first),
      }),
      evidence: [
        evidence(
          'messages.ndjson',
          first.t,
          first.t,
          text.willSeen({ client: clientId(run, first.publisher) }),
        ),
        evidence(
          'clients.arrow',
          first.t - 10 * SECOND,
          Math.min(first.t + 10 * SECOND, toT),
          text.clientSeen,
        ),
      ],
      figures,
    })
  if (excused > EXCUSED_SHARE * (due + withheld))
    return unknown({ bound, measured, why: text.excused({ excused }), settle: settle.lessLoad, figures })
  if (due + withheld === 0)
    return unknown({
      bound,
      measured,
      why: text.noneDue,
      settle: text.noneDueSettle,
      figures,
    })
  return pass({
    bound,
    measured,
    sentence: text.held({ due: due + excused, withheld, open }),
    evidence: [evidence('messages.ndjson', 0, toT, text.seen)],
    figures,
  })
}

const KINDS = ['missing', 'late', 'early', 'twice', 'unwanted'] as const

interface Broken {
  kind: (typeof KINDS)[number]
  publisher: number
  watcher: number
  /** When the connection ended, or when an unwanted will arrived. */
  t: number
  byNs: number
  why: string
}

interface Judged {
  broken: Broken[]
  due: number
  withheld: number
  open: number
  /** Late by no more than a stall explains. */
  excused: number
}

/** Wills that measured stalls may explain without a doubt about the others. */
const EXCUSED_SHARE = 0.01

function judgeWills(run: RunView, bounds: Bounds<'wills'>): Judged {
  const { connections, record } = run
  const { fleet } = record
  const received = new WillsReceived(record.messages!.wills)
  const attemptOf = attemptOfConnections(run)
  const judged: Judged = { broken: [], due: 0, withheld: 0, open: 0, excused: 0 }
  for (const [publisher, watchers] of (fleet.willWatchers ?? []).entries()) {
    const will = fleet.groups[fleet.group[publisher]!]?.will
    if (!will) continue
    for (let row = connections.firstOf[publisher]!; row < connections.firstOf[publisher + 1]!; row++) {
      const slackNs = bounds.slackSeconds * SECOND + latenessAt(run, connections.to[row]!)
      const promise = promiseOf(run, row, will, slackNs)
      for (const watcher of watchers) {
        const times = received.of(publisher, attemptOf[row]!, watcher)
        judgeOne(run, judged, { row, publisher, watcher, will, promise, times, slackNs }, bounds)
      }
    }
  }
  return judged
}

interface Seen {
  row: number
  publisher: number
  watcher: number
  will: GroupWill
  promise: WillPromise
  /** When copies of it arrived. */
  times: readonly number[]
  slackNs: number
}

function judgeOne(run: RunView, judged: Judged, seen: Seen, bounds: Bounds<'wills'>): void {
  const { promise, times, will, publisher, watcher, slackNs } = seen
  const [came] = times
  const endT = run.connections.to[seen.row]!
  const broke = (kind: Broken['kind'], t: number, byNs = 0, why = '') =>
    judged.broken.push({ kind, publisher, watcher, t, byNs, why })
  if (promise.kind === 'never') {
    if (came === undefined) judged.withheld++
    else broke('unwanted', came, 0, text[promise.why])
    return
  }
  if (came !== undefined && came < promise.dueT - slackNs)
    return void broke('early', came, promise.dueT - came)
  const again = times.find((_, i) => i > 0)
  if (
    came !== undefined &&
    again !== undefined &&
    !will.retain &&
    !mayRepeat(run, seen, came, again, slackNs)
  )
    return void broke('twice', again)
  if (promise.kind === 'perhaps') return void judged.open++
  const limitNs = bounds.limitSeconds * SECOND + slackNs
  const by = dueAt(run, watcher, promise.dueT, { qos: will.qos, limitNs, slackNs, endT: judgedSpan(run).toT })
  if (by === undefined) judged.open++
  else if (came === undefined) broke('missing', endT)
  else if (came > by + latenessAt(run, by)) broke('late', endT, came - promise.dueT)
  else if (came > by - (slackNs - bounds.slackSeconds * SECOND)) judged.excused++
  else judged.due++
}

/** A takeover of the watcher's session, and a resend to it, may deliver again what was on its way. */
function mayRepeat(
  run: RunView,
  { watcher }: Seen,
  firstT: number,
  againT: number,
  slackNs: number,
): boolean {
  return movedWithin(run, watcher, firstT - slackNs, againT)
}

function latenessAt(run: RunView, t: number): number {
  return Number.isFinite(t) ? (measuredLateness(run, t - SECOND, t + SECOND) ?? 0) : 0
}

function describe(run: RunView, { kind, publisher, watcher, t, byNs, why }: Broken): string {
  const [from, to] = [clientId(run, publisher), clientId(run, watcher)]
  return text[kind]({ from, to, at: moment(run, t), byNs, why })
}
