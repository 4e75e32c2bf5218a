import { lostPods, type RunView } from '#weir/record/view/index.ts'
import { messageFigures } from './messages.ts'
import type { Report } from './report.ts'
import { timeAxis } from './series/axis.ts'
import { downtime } from './series/downtime.ts'
import { clientsOffline } from './series/offline.ts'
import { durationOf } from './text/time.ts'
import { TEXTS } from './texts/index.ts'

const { key: texts } = TEXTS

export interface KeyFigure {
  name: string
  value: string
  /** What to compare the value with. */
  note?: string
}

/** The figures to compare first: how many clients moved, how fast, and how long they were offline. */
export function keyFigures({ run, verdict }: Report): KeyFigure[] {
  const axis = timeAxis(run)
  const clients = run.record.fleet.ids.length
  const { count, open, percentiles } = downtime(run)
  const median = percentiles.find(({ percentile }) => percentile === 50)
  const longest = percentiles.find(({ percentile }) => percentile === 100)
  const { attemptsPeak, took } = verdict.figures
  // Without any attempt the figure is null too.
  const peak = attemptsPeak.value ?? (lostPods(run.record).length > 0 ? texts.unknown : 0)
  return [
    { name: texts.clients, value: String(clients) },
    {
      name: texts.evictions,
      value: String(run.evictions.length),
      ...perClient(run.evictions.length, clients),
    },
    {
      name: texts.attempts,
      value: String(peak),
      ...(run.hasParameters && { note: texts.rate(run.parameters.connEvictRate) }),
    },
    { name: texts.offline, value: String(clientsOffline(run, axis).peak), note: texts.of(clients) },
    ...(count > 0 && median && longest
      ? [
          {
            name: texts.downtime,
            value: durationOf(median.ms * 1e6),
            note: texts.longest(durationOf(longest.ms * 1e6)),
          },
        ]
      : []),
    ...messageFigure(run),
    { name: texts.lost, value: String(lostBy(verdict) ?? open) },
    {
      name: texts.took,
      value: took.value === null ? texts.notDone : durationOf(took.value * 1e9),
    },
  ]
}

/** The clients that the verdict calls lost: the tile counts the same ones. */
function lostBy({ findings }: Report['verdict']): number | undefined {
  const lost = findings.find(({ id }) => id === 'conservation')?.figures.lost
  return typeof lost === 'number' ? lost : undefined
}

/** How many messages were lost, where there were any; else nothing. A lost fleet pod had a part of their account. */
function messageFigure(run: RunView): KeyFigure[] {
  const figures = messageFigures(run)
  if (!figures || figures.byQos.length === 0) return []
  if (lostPods(run.record).length > 0)
    return [{ name: texts.messagesLost, value: texts.unknown, note: texts.podLost }]
  const sum = (key: 'lost' | 'acknowledged') =>
    figures.byQos.reduce((total, one) => total + (one.qos > 0 ? one[key] : 0), 0)
  return [
    { name: texts.messagesLost, value: String(sum('lost')), note: texts.ofAcknowledged(sum('acknowledged')) },
  ]
}

function perClient(evictions: number, clients: number): { note?: string } {
  return clients > 0 && evictions > 0
    ? { note: texts.perClient(Number((evictions / clients).toFixed(2))) }
    : {}
}
