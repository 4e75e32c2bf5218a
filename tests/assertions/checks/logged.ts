import type { LogRow } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { viewOf } from '#weir/record/view/index.ts'

const MS = 1e6

export interface Lies {
  /** What the lines say in place of what happened. */
  count?: (count: number, tick: number) => number
  rate?: number
  /** How much later they come, in nanoseconds. */
  lateNs?: number
  /** By how much the node's clock is off, in milliseconds. */
  offMs?: (tick: number) => number
  /** Only these pods log. */
  pods?: (pod: string) => boolean
}

/** The record with the lines that its nodes would have logged of their evictions, 20 ms after each tick began. */
export function logged(
  record: RunRecord,
  { count = (it) => it, rate, lateNs = 0, offMs = () => 0, pods = () => true }: Lies = {},
): RunRecord {
  const run = viewOf(record)
  const stated = rate ?? run.parameters.connEvictRate
  const logs: LogRow[] = run.nodes.flatMap((node, index) => {
    const times = [...run.evictions.t].filter((_, i) => run.evictions.node[i] === index)
    const begins = times.flatMap((t, i) =>
      i === 0 || t - times[i - 1]! > 500 * MS ? [{ t, before: times.length - i }] : [],
    )
    if (!pods(node.pod)) return []
    return begins.map(({ t, before }, tick): LogRow => {
      const at = new Date(record.manifest.clock.anchorUnixMs + t / MS + offMs(tick)).toISOString()
      const text = `${at.replace('Z', '000+00:00')} [warning] Node evacuation evict_conns, count=${count(before, tick)}, conn_evict_rate=${stated}`
      return { t: t + 20 * MS + lateNs, type: 'line', pod: node.pod, container: 'emqx', at, text }
    })
  })
  return { ...record, logs: logs.toSorted((a, b) => a.t - b.t) }
}
