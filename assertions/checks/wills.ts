import type { Bounds, GroupWill } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { movedWithin } from '../evidence/moves.ts'
import { judgedSpan } from '../evidence/span.ts'
import { lateness } from '../evidence/stall.ts'
import { noAccount } from '../evidence/traffic-account.ts'
import { attemptOfConnections, WillsReceived } from '../evidence/will-history.ts'
import { promiseOf, type WillPromise } from '../evidence/will-promise.ts'
import { dueAt } from '../evidence/will-watcher.ts'
import { atTrigger, count, SECOND, seconds } from '../evidence/wording.ts'
import { evidence, fail, pass, unknown } from '../verdict/finding.ts'

/** Wills tell others that a client is gone: when it is, once, and not when it is not (MQTT 5 §3.1.2.5, §3.1.3.2.2). */
export const wills: Check<'wills'> = (run, bounds) => {
  const bound = `each once within ${bounds.limitSeconds} s of its end, or of its delay; none for who is back within the delay, or left by plan`
  const account = run.record.messages
  const hasWills = run.record.fleet.groups.some((group) => group.will)
  if (!account?.complete || !hasWills) return noAccount(run, 'wills', bound)
  const found = judgeWills(run, bounds)
  const { broken, due, withheld, open } = found
  const { toT } = judgedSpan(run)
  const figures = {
    due,
    withheld,
    open,
    received: account.wills.length,
    ...Object.fromEntries(KINDS.map((kind) => [kind, broken.filter((one) => one.kind === kind).length])),
  }
  const measured = `${due} came as due, ${withheld} were rightly withheld, ${broken.length} wrong`
  const [first] = broken
  if (first)
    return fail({
      bound,
      measured,
      sentence: `${count(broken.length, 'will')} of ${due + withheld + broken.length} ${broken.length === 1 ? 'was' : 'were'} not published as promised: ${tell(run, first)}.`,
      evidence: [
        evidence('messages.ndjson', first.t, first.t, `the will of ${idOf(run, first.publisher)}`),
        evidence(
          'clients.arrow',
          first.t - 10 * SECOND,
          Math.min(first.t + 10 * SECOND, toT),
          'what its client did',
        ),
      ],
      figures,
    })
  if (due + withheld === 0)
    return unknown({
      bound,
      measured,
      why: 'no will came due, or none with somebody to see it',
      settle: 'a run in which clients with wills are evicted while others are subscribed to them',
      figures,
    })
  return pass({
    bound,
    measured,
    sentence: `${count(due, 'will')} came once and in time, ${withheld} rightly stayed away${open > 0 ? `; of ${open} nothing is promised` : ''}.`,
    evidence: [evidence('messages.ndjson', 0, toT, 'the wills that came')],
    figures,
  })
}

const KINDS = ['missing', 'late', 'early', 'twice', 'unwanted'] as const

interface Broken {
  kind: (typeof KINDS)[number]
  publisher: number
  watcher: number
  /** Of the connection's end; when the will came, if it should not have. */
  t: number
  byNs: number
  why: string
}

interface Judged {
  broken: Broken[]
  due: number
  withheld: number
  open: number
}

function judgeWills(run: RunView, bounds: Bounds<'wills'>): Judged {
  const { connections, record } = run
  const { fleet } = record
  const received = new WillsReceived(record.messages!.wills)
  const attemptOf = attemptOfConnections(run)
  const judged: Judged = { broken: [], due: 0, withheld: 0, open: 0 }
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
  /** When copies of it came. */
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
    // An end that is seen here only after the will that it caused.
    if (came === undefined) judged.withheld++
    else broke('unwanted', came, 0, promise.why)
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
  return Number.isFinite(t) ? lateness(run, t - SECOND, t + SECOND) : 0
}

const idOf = ({ record }: RunView, client: number) => record.fleet.ids[client] ?? String(client)

function tell(run: RunView, { kind, publisher, watcher, t, byNs, why }: Broken): string {
  const whose = `that of ${idOf(run, publisher)}`
  const to = idOf(run, watcher)
  if (kind === 'missing') return `${whose}, whose connection ended ${atTrigger(run, t)}, never reached ${to}`
  if (kind === 'late')
    return `${whose}, whose connection ended ${atTrigger(run, t)}, reached ${to} ${seconds(byNs)} after it was due`
  if (kind === 'early') return `${whose} reached ${to} ${atTrigger(run, t)}, ${seconds(byNs)} too early`
  if (kind === 'twice') return `${whose} reached ${to} a second time ${atTrigger(run, t)}`
  return `${whose} reached ${to} ${atTrigger(run, t)}, although the client ${why}`
}
