import type { MessageLatency } from '#weir/facts/index.ts'
import { lostPods } from '#weir/record/view/index.ts'
import { latencyText, type MessageFigures, messageFigures } from '../messages.ts'
import type { Report } from '../report.ts'
import { escapeHtml } from '../text/escape.ts'
import { table } from './table.ts'

/** Delivery and latency of the messages between clients; nothing where there were none. */
export function messagesSection({ run }: Report): string {
  const figures = messageFigures(run)
  if (!figures) return ''
  return [
    '<section id="messages" aria-labelledby="messages-title"><h2 id="messages-title">Messages</h2>',
    ...(figures.byQos.length > 0 ? [counts(figures), latencies(figures)] : []),
    `<p class="text">${escapeHtml(words(figures, lostPods(run.record).length > 0))}</p>`,
    '<p class="note">Counted by publisher and subscriber. Acknowledged: PUBACK or PUBCOMP. No promise: not acknowledged, or the subscriber had no session at the time. Latency is measured from the planned instant and includes the time that a subscriber was offline; percentiles by HDR histogram.</p>',
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
  const names = [
    'sent',
    'acknowledged',
    'arrived',
    'lost',
    'no promise',
    'duplicated',
    'redelivered',
    'out of order',
  ]
  return table('Delivery', names, rows)
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
    'Latency',
    PERCENTILES.map(([name]) => name),
    rows,
  )
}

const PERCENTILES = [
  ['50 %', 'p50Ms'],
  ['90 %', 'p90Ms'],
  ['99 %', 'p99Ms'],
  ['99.9 %', 'p999Ms'],
  ['longest', 'maxMs'],
] as const

const latencyName = ({ of, qos }: MessageLatency) =>
  `${of === 'ack' ? 'until acknowledged' : 'until delivered'}, QoS ${qos}`

const PARTIAL = 'The part of a lost fleet pod is not among these.'

function words({ wills, willCopies, overflowed, settled }: MessageFigures, isPartial: boolean): string {
  return [
    `${wills} ${wills === 1 ? 'will' : 'wills'} arrived${willCopies > 0 ? `, and ${willCopies} ${willCopies === 1 ? 'duplicate' : 'duplicates'}` : ''}.`,
    ...(overflowed > 0
      ? [
          `For ${overflowed} pairs of publisher and subscriber, too many messages were in flight at once to track.`,
        ]
      : []),
    ...(settled ? [] : [isPartial ? PARTIAL : 'Some messages were still in flight when the run ended.']),
  ].join(' ')
}
