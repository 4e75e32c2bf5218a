import type { MessageLatency } from '#weir/facts/index.ts'
import { lostPods } from '#weir/record/view/index.ts'
import { latencyText, type MessageFigures, messageFigures } from '../messages.ts'
import type { Report } from '../report.ts'
import { escapeHtml } from '../text/escape.ts'
import { HTML_TEXTS, TEXTS } from '../texts/index.ts'
import { table } from './table.ts'

const { messages: texts } = HTML_TEXTS

/** Delivery and latency of the messages between clients; nothing where there were none. */
export function messagesSection({ run }: Report): string {
  const figures = messageFigures(run)
  if (!figures) return ''
  return [
    `<section id="messages" aria-labelledby="messages-title"><h2 id="messages-title">${HTML_TEXTS.sections.messages}</h2>`,
    ...(figures.byQos.length > 0 ? [counts(figures), latencies(figures)] : []),
    `<p class="text">${escapeHtml(words(figures, lostPods(run.record).length > 0))}</p>`,
    `<p class="note">${texts.note}</p>`,
    '</section>',
  ].join('\n')
}

function counts({ byQos }: MessageFigures): string {
  const rows = byQos.map((one) => ({
    name: `QoS ${one.qos}`,
    values: [
      one.sent,
      one.qos === 0 ? '–' : one.acknowledged,
      one.received,
      one.lost,
      one.missed,
      one.duplicated - one.redelivered,
      one.redelivered,
      one.reordered,
    ],
  }))
  return table(texts.delivery, texts.columns, rows)
}

function latencies({ byQos }: MessageFigures): string {
  const rows = byQos
    .flatMap((one) => one.latencies)
    .sort((a, b) => a.of.localeCompare(b.of) || a.qos - b.qos)
    .map((one) => ({
      name: latencyName(one),
      values: PERCENTILES.map(([, key]) => latencyText(one[key])),
    }))
  if (rows.length === 0) return ''
  return table(
    texts.latency,
    PERCENTILES.map(([name]) => name ?? texts.longest),
    rows,
  )
}

const PERCENTILES = [
  ['50 %', 'p50Ms'],
  ['90 %', 'p90Ms'],
  ['99 %', 'p99Ms'],
  ['99.9 %', 'p999Ms'],
  [undefined, 'maxMs'],
] as const

const latencyName = ({ of, qos }: MessageLatency) => texts.until({ isAck: of === 'ack', qos })

function words({ wills, willCopies, overflowed, settled }: MessageFigures, isPartial: boolean): string {
  return TEXTS.sentences([
    texts.wills({ wills, copies: willCopies }),
    ...(overflowed > 0 ? [texts.overflowed(overflowed)] : []),
    ...(settled ? [] : [isPartial ? texts.partial : texts.inFlight]),
  ])
}
