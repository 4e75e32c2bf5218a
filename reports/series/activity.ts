import { CLIENT_EVENT_KINDS } from '#weir/record/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import { bucketOf, type TimeAxis } from './axis.ts'

/** What clients did, counted per bucket: the part of 15,000 events that a page can hold. */
export interface ActivityRow {
  /** E.g. "disconnected: disconnect-packet 0x9c". */
  what: string
  /** Pairs of bucket and count, only where the count is not zero. */
  counts: [bucket: number, count: number][]
}

const MOST_ROWS = 24
const UNTOLD = new Set(['scheduled'])

export function clientActivity(run: RunView, axis: TimeAxis): ActivityRow[] {
  const { clients } = run.record
  const rows = new Map<string, Map<number, number>>()
  for (let i = 0; i < clients.length; i++) {
    const kind = CLIENT_EVENT_KINDS[clients.kind[i]!]
    if (kind === undefined || UNTOLD.has(kind)) continue
    const what = describeEvent(kind, clients.reasons[clients.reason[i]!] ?? '', clients.code[i]!)
    const counts = rows.get(what) ?? new Map<number, number>()
    const bucket = bucketOf(axis, clients.t[i]!)
    counts.set(bucket, (counts.get(bucket) ?? 0) + 1)
    rows.set(what, counts)
  }
  return [...rows]
    .map(([what, counts]) => ({ what, counts: [...counts] }))
    .sort((a, b) => b.counts.length - a.counts.length || (a.what < b.what ? -1 : 1))
    .slice(0, MOST_ROWS)
}

/** A client event in words, with the reason and the MQTT code where there is one. */
export function describeEvent(kind: string, reason: string, code: number): string {
  if (kind === 'connected' || (!reason && code < 0)) return kind
  const codeText = code >= 0 ? ` 0x${code.toString(16).padStart(2, '0')}` : ''
  return `${kind}: ${reason || 'code'}${codeText}`
}
