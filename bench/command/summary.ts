import { MOST_SEQUENCE } from '../ledger/header.ts'
import type { FleetHealth } from '../types.ts'
import { endingWords, type Whose, whoseFault } from './endings.ts'
import { isUnsound, type MessageTotals, unverified } from './messages.ts'
import { boundWords } from './publish-bound.ts'
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
    ...(counters.slowHandshakes > 0
      ? [
          row(
            'slow handshakes',
            `${counters.slowHandshakes} TCP handshakes took a second or more: a SYN was dropped, for example by a full listen backlog`,
          ),
        ]
      : []),
    row('disconnected', String(counters.disconnected)),
    ...endingRows(result),
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
    ...(counters.droppedEvents > 0
      ? [row('INCOMPLETE', `${counters.droppedEvents} events were dropped: the figures above miss them`)]
      : []),
    // What `pub` numbers, `sub` accounts for.
    ...(result.verify && result.command === 'sub' && messages ? [verifyRow(messages)] : []),
  ]
}

const WIDTH = 20
const row = (name: string, text: string) => `${name.padEnd(WIDTH)} ${text}`

const HEADS: Readonly<Record<Whose, string>> = {
  generator: 'of this machine',
  network: 'of the network',
  broker: 'of the broker',
}

/** Ends by whose doing they are: ours first, since it makes the others doubtful. */
function endingRows({ tally }: BenchResult): string[] {
  const { endings } = tally
  return (Object.keys(HEADS) as Whose[]).flatMap((whose) => {
    const own = endings.filter((ending) => whoseFault(ending) === whose)
    return own.map((ending, i) =>
      row(i === 0 ? `  ${HEADS[whose]}` : '', `${ending.count} × ${endingWords(ending)}`),
    )
  })
}

function subscriptionRows({ spec, subscribed, counters }: BenchResult): string[] {
  if (!spec.groups[0]?.subscribe) return []
  const refused = counters.subscribesRefused
  return [
    row(
      'subscriptions',
      `${subscribed} of ${spec.clients} clients had theirs at the end, ${refused} refused`,
    ),
  ]
}

function messageRows({ spec, counters, elapsedMs }: BenchResult, totals: MessageTotals): string[] {
  const rows: string[] = []
  const [group] = spec.groups
  if (group?.publish) {
    const { acknowledged, refused, abandoned, unanswered, skipped, untaken, bound, usedUp } = totals
    rows.push(
      row(
        'published',
        `${counters.published}${group.publish.qos > 0 ? `: ${acknowledged} acknowledged, ${refused} refused, ${abandoned + unanswered} without an answer` : ''}; ${skipped} skipped while offline or without room`,
      ),
      ...(bound ? [row('  not taken', `by the broker, ${untaken} by now: ${boundWords(bound).words}`)] : []),
      ...(usedUp
        ? [
            row(
              '  used up',
              `${usedUp} publishers sent all ${MOST_SEQUENCE} messages that are told apart, and stopped`,
            ),
          ]
        : []),
    )
  }
  if (group?.subscribe)
    rows.push(
      row(
        'received',
        `${counters.received} (${((1000 * counters.received) / elapsedMs).toFixed(1)}/s over the run)`,
      ),
    )
  return rows
}

function verifyRow(totals: MessageTotals): string {
  const { received, lost, missed, duplicated, redelivered, reordered, astray, foreign, overflowed } = totals
  const more = [
    ...(astray > 0 ? [`${astray} without a matching subscription`] : []),
    ...(missed > 0 ? [`${missed} missed without a delivery guarantee`] : []),
    ...(foreign > 0 ? [`${foreign} not numbered by weir`] : []),
    ...(overflowed > 0 ? [`${overflowed} pairs not tracked`] : []),
  ]
  const figures = `${received} received, ${lost} lost, ${duplicated} duplicated (${redelivered} as redeliveries), ${reordered} reordered`
  const head = isUnsound(totals) ? 'VERIFY FAILED' : unverified(totals) ? 'NOT VERIFIED' : 'verified'
  return row(head, [figures, ...more].join('; '))
}

/** Behind its own schedule, or stuck for a tenth of the time: what it measured tells of this machine then. */
const MOST_LAG_MS = 100
const MOST_LATE_SHARE = 0.1

function wasLate({ scheduleLagP99Ms, lateMs, watchedMs }: FleetHealth): boolean {
  return scheduleLagP99Ms > MOST_LAG_MS || lateMs > MOST_LATE_SHARE * watchedMs
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
