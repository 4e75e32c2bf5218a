import { MOST_SEQUENCE } from '../ledger/header.ts'
import type { FleetHealth } from '../types.ts'
import { breachesInWords } from './breaches.ts'
import { endingWords, type Whose, whoseFault } from './endings.ts'
import { boundWords, isUnsound, type MessageTotals, unverified } from './messages.ts'
import type { BenchResult } from './result.ts'
import type { Latency } from './tally.ts'

/** What a bench command says at its end. */
export function summary(result: BenchResult): string[] {
  const { spec, online, counters, tally, health, messages } = result
  return [
    row(
      'clients',
      `${spec.clients}: ${tally.everConnected} connected at least once, ${online} online at the end, ${counters.gaveUp} gave up`,
    ),
    row(
      'attempts',
      `${counters.attempts}: ${counters.connected} accepted, ${counters.refused} refused, ${counters.failed} failed`,
    ),
    ...rowIf(
      counters.slowHandshakes,
      'slow handshakes',
      `${counters.slowHandshakes} TCP handshakes took a second or more: a SYN was dropped, for example by a full listen backlog`,
    ),
    row('disconnected', String(counters.disconnected)),
    ...churnRows(result),
    ...endingRows(result),
    ...breachesInWords(tally.breaches).map(({ count, words }, i) =>
      row(i === 0 ? 'BROKE THE PROTOCOL' : '', `${count} × the broker ${words}`),
    ),
    ...subscriptionRows(result),
    ...(messages ? messageRows(result, messages) : []),
    latencyRow('first CONNACK', tally.fromPlan, 'after the planned instant'),
    latencyRow('every CONNACK', tally.fromAttempt, 'after the attempt started'),
    ...(messages?.latencies ?? []).map((latency) =>
      latencyRow(
        latency.of === 'ack' ? `QoS ${latency.qos} acknowledged` : `QoS ${latency.qos} delivered`,
        latency,
        'after the planned instant',
      ),
    ),
    row(wasLate(health) ? 'GENERATOR LATE' : 'generator', generatorWords(health)),
    ...rowIf(
      counters.droppedEvents,
      'INCOMPLETE',
      `${counters.droppedEvents} events were dropped: the figures above miss them`,
    ),
    // What `pub` numbers, `sub` accounts for.
    ...(result.verify && result.command === 'sub' && messages ? [verifyRow(messages)] : []),
  ]
}

const WIDTH = 20
const row = (name: string, text: string) => `${name.padEnd(WIDTH)} ${text}`
const rowIf = (count: number | undefined, name: string, text: string) => (count ? [row(name, text)] : [])

const HEADS: Readonly<Record<Whose, string>> = {
  generator: 'of this machine',
  network: 'of the network',
  broker: 'of the broker',
}

/** Ends by their cause: this machine first, because its errors make the others unreliable. */
function endingRows({ tally }: BenchResult): string[] {
  const { endings } = tally
  return (Object.keys(HEADS) as Whose[]).flatMap((whose) => {
    const own = endings.filter((ending) => whoseFault(ending) === whose)
    return own.map((ending, i) =>
      row(i === 0 ? `  ${HEADS[whose]}` : '', `${ending.count} × ${endingWords(ending)}`),
    )
  })
}

function churnRows({ spec, tally, counters, elapsedMs }: BenchResult): string[] {
  if (!spec.churn) return []
  const perSecond = ((1000 * counters.attempts) / elapsedMs).toFixed(1)
  const stay = spec.churn.stayMs / 1000
  return [
    row(
      'churn',
      `${tally.leftByPlan} connections ended by plan after ${stay} s; ${perSecond} attempts per second`,
    ),
  ]
}

function subscriptionRows({ spec, subscribed, counters }: BenchResult): string[] {
  if (!spec.groups[0]?.subscribe) return []
  const text = `${subscribed} of ${spec.clients} clients were subscribed at the end, ${counters.subscribesRefused} refused`
  return [row('subscriptions', text)]
}

function messageRows({ spec, counters, elapsedMs }: BenchResult, totals: MessageTotals): string[] {
  const { acknowledged, refused, abandoned, unanswered, skipped, untaken, bound, usedUp } = totals
  const { publish, subscribe } = spec.groups[0]!
  const rows: string[] = []
  if (publish) {
    const answers = `: ${acknowledged} acknowledged, ${refused} refused, ${abandoned + unanswered} without an answer`
    const skips = `${skipped} skipped while offline or without room`
    rows.push(
      row('published', `${counters.published}${publish.qos > 0 ? answers : ''}; ${skips}`),
      ...(bound ? [row('  not taken', `by the broker, ${untaken} by now: ${boundWords(bound).words}`)] : []),
      ...rowIf(
        usedUp,
        '  used up',
        `${usedUp} publishers sent all ${MOST_SEQUENCE} sequence numbers, and stopped`,
      ),
    )
  }
  const perSecond = ((1000 * counters.received) / elapsedMs).toFixed(1)
  if (subscribe) rows.push(row('received', `${counters.received} (${perSecond}/s over the run)`))
  return rows
}

function verifyRow(totals: MessageTotals): string {
  const { received, lost, missed, duplicated, redelivered, reordered, astray, foreign, overflowed } = totals
  const more = (
    [
      [astray, 'without a matching subscription'],
      [missed, 'missed without a delivery guarantee'],
      [foreign, 'not numbered by weir'],
      [overflowed, 'pairs not tracked'],
    ] as const
  ).flatMap(([count, what]) => (count > 0 ? [`${count} ${what}`] : []))
  const figures = `${received} received, ${lost} lost, ${duplicated} duplicated (${redelivered} as redeliveries), ${reordered} reordered`
  const head = isUnsound(totals) ? 'VERIFY FAILED' : unverified(totals) ? 'NOT VERIFIED' : 'verified'
  return row(head, [figures, ...more].join('; '))
}

/** Behind its own schedule, or stuck for a tenth of the time: then the results reflect this machine. */
const MOST_LAG_MS = 100
const MOST_LATE_SHARE = 0.1

/** The results reflect this machine then, not the broker. */
export function wasLate(health: FleetHealth): boolean {
  return missedRate(health) || health.lateMs > MOST_LATE_SHARE * health.watchedMs
}

/** Attempts did not start when they were planned. */
export function missedRate({ scheduleLagP99Ms }: FleetHealth): boolean {
  return scheduleLagP99Ms > MOST_LAG_MS
}

function generatorWords(health: FleetHealth): string {
  const figures = `event loop late by ${milliseconds(health.loopDelayP99Ms)} (p99), ${milliseconds(health.loopDelayMaxMs)} (max); attempts late by ${milliseconds(health.scheduleLagP99Ms)} (p99)`
  return wasLate(health) ? `${figures}: the figures above reflect this machine, not the broker` : figures
}

function latencyRow(what: string, latency: Latency, since: string): string {
  if (latency.count === 0) return row(what, 'none')
  const { p50Ms, p90Ms, p99Ms, p999Ms, maxMs } = latency
  return row(
    what,
    `p50 ${milliseconds(p50Ms)}, p90 ${milliseconds(p90Ms)}, p99 ${milliseconds(p99Ms)}, p99.9 ${milliseconds(p999Ms)}, max ${milliseconds(maxMs)} ${since}`,
  )
}

function milliseconds(value: number): string {
  return value >= 100 ? `${value.toFixed(0)} ms` : `${value.toPrecision(2)} ms`
}
