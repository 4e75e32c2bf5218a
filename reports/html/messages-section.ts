import type { MessageLatency } from '#weir/facts/index.ts'
import { latencyText, type MessageFigures, messageFigures } from '../messages.ts'
import type { Report } from '../report.ts'
import { escapeHtml } from '../text/escape-html.ts'

/** What became of the messages that clients sent each other, and how long they took; nothing where there were none. */
export function messagesSection({ run }: Report): string {
  const figures = messageFigures(run)
  if (!figures) return ''
  return [
    '<section id="messages" aria-labelledby="messages-title"><h2 id="messages-title">Messages</h2>',
    ...(figures.byQos.length > 0 ? [counts(figures), latencies(figures)] : []),
    `<p class="text">${escapeHtml(words(figures))}</p>`,
    '<p class="note">Counted by publisher and subscriber. Acknowledged: PUBACK or PUBCOMP. Not promised: not acknowledged, or the subscriber had no session then. Latency from the planned instant, waits of clients that were offline included; percentiles by HDR histogram.</p>',
    '</section>',
  ].join('\n')
}

function counts({ byQos }: MessageFigures): string {
  const rows = byQos.map((one) =>
    row(`QoS ${one.qos}`, [
      one.sent,
      one.qos === 0 ? '–' : one.acknowledged,
      one.received,
      one.lost,
      one.missed,
      one.duplicated - one.redelivered,
      one.redelivered,
      one.reordered,
    ]),
  )
  const names = [
    'sent',
    'acknowledged',
    'arrived',
    'lost',
    'not promised',
    'twice',
    'redelivered',
    'overtaken',
  ]
  return table('What became of them', names, rows)
}

function latencies({ byQos }: MessageFigures): string {
  const rows = byQos
    .flatMap((one) => one.latencies)
    .sort((a, b) => a.of.localeCompare(b.of) || a.qos - b.qos)
    .map((one) =>
      row(
        latencyName(one),
        PERCENTILES.map(([, key]) => latencyText(one[key])),
      ),
    )
  if (rows.length === 0) return ''
  return table(
    'How long they took',
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

function table(caption: string, names: readonly string[], rows: readonly string[]): string {
  const head = names.map((name) => `<th scope="col">${name}</th>`).join('')
  return [
    `<div class="scroll"><table class="percentiles"><caption>${caption}</caption>`,
    `<thead><tr><th scope="col"><span class="unseen">of</span></th>${head}</tr></thead>`,
    `<tbody>${rows.join('')}</tbody></table></div>`,
  ].join('')
}

function row(name: string, values: readonly (string | number)[]): string {
  return `<tr><th scope="row">${escapeHtml(name)}</th>${values.map((value) => `<td>${escapeHtml(String(value))}</td>`).join('')}</tr>`
}

function words({ wills, willCopies, overflowed, settled }: MessageFigures): string {
  return [
    `${wills} ${wills === 1 ? 'will' : 'wills'} came${willCopies > 0 ? `, and ${willCopies} more that had come already` : ''}.`,
    ...(overflowed > 0
      ? [`Of ${overflowed} pairs of publisher and subscriber too much was under way to be told apart.`]
      : []),
    ...(settled ? [] : ['Not everything had arrived when the run ended.']),
  ].join(' ')
}
