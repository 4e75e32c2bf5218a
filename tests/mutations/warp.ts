import type { RecordEvent, Scrape } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { SECOND } from './mutation.ts'
import type { World } from './world.ts'

/**
 * The record with time running slower or faster within the given spans: each lasts `factor` of what it did. Clients still wait
 * as long as before until they reconnect, nodes are polled as often, and the stamps in Kubernetes objects follow.
 */
export function warped(world: World, spans: { fromT: number; toT: number }[], factor: number): RunRecord {
  const at = (t: number) =>
    spans.reduce(
      (sum, { fromT, toT }) => sum + (factor - 1) * Math.min(Math.max(t - fromT, 0), toT - fromT),
      t,
    )
  const moves = world.moves()
  const inMoves = new Set(moves.flatMap((move) => [move.lost, ...move.back]))
  for (const move of moves) {
    const by = at(move.lost.t) - move.lost.t
    for (const row of [move.lost, ...move.back]) row.t += by
  }
  for (const row of world.rows) if (!inMoves.has(row)) row.t = at(row.t)
  const record = world.withRows()
  const { manifest } = record
  const anchorMs = manifest.clock.anchorUnixMs
  const stamp = (unixMs: number) => anchorMs + at((unixMs - anchorMs) * 1e6) / 1e6
  return {
    ...record,
    manifest: { ...manifest, ...(manifest.end && { end: { ...manifest.end, t: at(manifest.end.t) } }) },
    events: filled<RecordEvent>(record.events, at).map((event) => restamped(event, stamp)),
    scrapes: filled(record.scrapes, at),
  }
}

/** The record in which nothing happens for `ns` from `atT` on: polls and scrapes go on as they were just before. */
export function pausedAt(record: RunRecord, atT: number, ns: number): RunRecord {
  const shift = (t: number) => (t >= atT ? t + ns : t)
  const paused = <T extends { t: number }>(list: readonly T[], last: readonly T[]): T[] => {
    const more = Array.from({ length: ns / SECOND }, (_, i) =>
      last.map((one) => ({ ...one, t: one.t + (i + 1) * SECOND })),
    )
    return [...list.map((one) => ({ ...one, t: shift(one.t) })), ...more.flat()].sort((a, b) => a.t - b.t)
  }
  const { manifest, clients, events, scrapes } = record
  const isPolled = ({ t, type }: RecordEvent) => t >= atT - SECOND && t < atT && POLLED.includes(type)
  return {
    ...record,
    manifest: { ...manifest, ...(manifest.end && { end: { ...manifest.end, t: shift(manifest.end.t) } }) },
    clients: { ...clients, t: clients.t.map(shift) },
    events: paused(events, events.filter(isPolled)),
    scrapes: paused(scrapes, scrapesAround(scrapes, atT)),
  }
}

/** The last scrape before `atT` of each pod that is scraped before and after it: a second may begin or end amid a round. */
function scrapesAround(scrapes: readonly Scrape[], atT: number): Scrape[] {
  const near = scrapes.filter(({ t }) => Math.abs(t - atT) < 2 * SECOND)
  return [...Map.groupBy(near, ({ pod }) => pod).values()].flatMap((ofPod) =>
    ofPod.some(({ t }) => t >= atT) ? (ofPod.findLast(({ t }) => t < atT) ?? []) : [],
  )
}

/** Kinds that come once an interval, so that a longer time has more of them. */
const POLLED = ['evacuation', 'nodes', 'health', 'probe', 'scrape']

function filled<T extends RecordEvent | Scrape>(list: readonly T[], at: (t: number) => number): T[] {
  const latest = new Map<string, T>()
  const all: T[] = []
  for (const one of list) {
    const [type, of] = 'type' in one ? [one.type, ''] : ['scrape', one.pod]
    const now = { ...one, t: at(one.t) }
    if ('tookNs' in one) Object.assign(now, { tookNs: now.t - at(one.t - one.tookNs) })
    if (POLLED.includes(type)) {
      const before = latest.get(type + of)
      const pause = before ? now.t - at(before.t) : 0
      const usual = before ? one.t - before.t : 0
      const isSame = before && JSON.stringify({ ...before, t: 0 }) === JSON.stringify({ ...one, t: 0 })
      if (isSame && pause > 1.3 * usual && usual < 3 * SECOND) all.push({ ...before, t: now.t - pause / 2 })
      latest.set(type + of, one)
    }
    all.push(now)
  }
  return all.sort((a, b) => a.t - b.t)
}

function restamped(event: RecordEvent, stamp: (unixMs: number) => number): RecordEvent {
  if (event.type === 'set')
    return { ...event, createdUnixMs: Math.floor(stamp(event.createdUnixMs) / 1000) * 1000 }
  if (event.type === 'cr' && event.startedUnixMs !== undefined)
    return { ...event, startedUnixMs: stamp(event.startedUnixMs) }
  if (event.type !== 'watch') return event
  const json = JSON.stringify(event.object).replaceAll(/"\d{4}-\d\d-\d\dT[\d:.]+Z"/g, (text) =>
    JSON.stringify(new Date(stamp(Date.parse(JSON.parse(text)))).toISOString()),
  )
  return { ...event, object: JSON.parse(json) }
}
