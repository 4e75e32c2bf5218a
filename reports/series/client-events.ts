import { CLIENT_EVENT_KINDS } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'

export interface ClientEvent {
  t: number
  client: string
  what: string
}

/** The client events between two instants: how often each occurred, and the first of them in order. */
export function clientEventsWithin(run: RunView, fromT: number, toT: number, most: number) {
  const { clients, fleet } = run.record
  const counts = new Map<string, number>()
  const first: ClientEvent[] = []
  let total = 0
  for (let i = firstAtOrAfter(clients.t, clients.length, fromT); i < clients.length; i++) {
    const t = clients.t[i]!
    if (t > toT) break
    const kind = CLIENT_EVENT_KINDS[clients.kind[i]!]
    // A plan is no event yet, and a granted subscription is part of coming back.
    if (kind === undefined || kind === 'scheduled' || kind === 'subscribed') continue
    const what = describeEvent(kind, clients.reasons[clients.reason[i]!] ?? '', clients.code[i]!)
    counts.set(what, (counts.get(what) ?? 0) + 1)
    total++
    const client = clients.client[i]!
    if (first.length < most) first.push({ t, client: fleet.ids[client] ?? `client ${client}`, what })
  }
  return { counts, first, total }
}

/** A client event in words, with the reason and the MQTT code where there is one. */
export function describeEvent(kind: string, reason: string, code: number): string {
  if (kind === 'connected' || (!reason && code < 0)) return kind
  const codeText = code >= 0 ? ` 0x${code.toString(16).padStart(2, '0')}` : ''
  return `${kind}: ${reason || 'code'}${codeText}`
}

/** Index of the first of `length` ascending times that is not before `t`. */
function firstAtOrAfter(times: ArrayLike<number>, length: number, t: number): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >> 1
    if (times[middle]! < t) low = middle + 1
    else high = middle
  }
  return low
}
