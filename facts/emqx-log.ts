import { isLogLevel, type LogLevel } from './log-levels.ts'

/** A line that EMQX printed, as far as it can be read (docs/contract/emqx.md#logs). What does not begin like one is content alone. */
export interface EmqxLine {
  /** By EMQX's own clock; absent where the line does not say. */
  unixMs?: number
  level?: LogLevel
  /** Without time and level. */
  content: string
}

const TEXT = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) \[(\w+)\] (.*)$/s

export function readEmqxLine(line: string): EmqxLine {
  const [, at = '', level, content = ''] = TEXT.exec(line) ?? []
  if (isLogLevel(level)) return { unixMs: unixMsOf(at), level, content }
  return fromJson(line) ?? { content: line }
}

/** RFC 3339 in milliseconds, with the microseconds that JavaScript's dates lack. */
function unixMsOf(at: string): number {
  const fraction = /\.(\d+)/.exec(at)?.[1] ?? ''
  const whole = Date.parse(at.replace(/\.\d+/, ''))
  return whole + Number(`0.${fraction || 0}`) * 1000
}

function fromJson(line: string): EmqxLine | undefined {
  const fields = objectOf(line)
  if (fields === undefined || !isLogLevel(fields.level)) return undefined
  const { time, level, ...rest } = fields
  const unixMs = typeof time === 'number' ? time / 1000 : unixMsOf(String(time))
  return {
    ...(Number.isFinite(unixMs) && { unixMs }),
    level: level as LogLevel,
    content: JSON.stringify(rest),
  }
}

function objectOf(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    return JSON.parse(line) as Record<string, unknown>
  } catch {
    return undefined // Something else in braces.
  }
}

/** What one tick of an evacuation says: how many clients were connected before it, and how many it evicts at most. */
export interface EvictionTick {
  /** By EMQX's own clock. */
  unixMs: number
  count: number
  rate: number
}

const TICK_4 = /^Node evacuation evict_conns, count=(\d+), conn_evict_rate=(\d+)$/

/** The tick that a line reports; undefined for every other line. */
export function evictionTickOf(line: string): EvictionTick | undefined {
  if (!line.includes('evict_conns')) return undefined
  const { unixMs, content } = readEmqxLine(line)
  if (unixMs === undefined || !Number.isFinite(unixMs)) return undefined
  const figures = ofText(content) ?? ofJson(content) ?? TICK_4.exec(content)?.slice(1)
  const [count, rate] = (figures ?? []).map(Number)
  if (count === undefined || rate === undefined || !Number.isFinite(count + rate)) return undefined
  return { unixMs, count, rate }
}

const MESSAGE = 'node_evacuation_evict_conns'

function ofText(content: string): unknown[] | undefined {
  if (!content.includes(`msg: ${MESSAGE},`)) return undefined
  return [/(?:^|, )count: (\d+)/.exec(content)?.[1], /(?:^|, )conn_evict_rate: (\d+)/.exec(content)?.[1]]
}

function ofJson(content: string): unknown[] | undefined {
  const fields = objectOf(content)
  return fields?.msg === MESSAGE ? [fields.count, fields.conn_evict_rate] : undefined
}
