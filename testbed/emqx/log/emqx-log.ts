import { isAtLeast, type LogLevel } from '#weir/facts/index.ts'
import { printed, type Term } from './erlang.ts'
import type { LogSettings } from './settings.ts'

/** What a node has to report: in the words of 4.4, and as the event that 5 logs. */
export interface LogEvent {
  level: LogLevel
  /** Left out where 4.4 has no such line. */
  text4?: string
  msg: string
  /** In the order in which 5 writes them, after `msg`. */
  fields?: Readonly<Record<string, Term>>
  /** Before `msg`. */
  head?: Readonly<Record<string, string>>
}

export interface LogOptions {
  /** The container's output; undefined where nobody reads it. */
  print: ((line: string) => void) | undefined
  /** Unix milliseconds. */
  now(): number
  /** The dialect of its lines. */
  api: 'v4' | 'v5'
  settings(): LogSettings
}

const WINDOW_MS = 60_000

/** The log of one node, in the formats of 4.4 and 5 (docs/contract/emqx.md#logs). */
export class EmqxLog {
  readonly #options: LogOptions
  readonly #throttledMs = new Map<string, number>()

  constructor(options: LogOptions) {
    this.#options = options
  }

  /** A line that goes past the logger: EMQX 5 prints where it listens. */
  say(line: string): void {
    this.#options.print?.(line)
  }

  /** At most one line of this message within a window (EMQX, "log throttling"). */
  throttled(event: LogEvent): void {
    const nowMs = this.#options.now()
    const lastMs = this.#throttledMs.get(event.msg) ?? Number.NEGATIVE_INFINITY
    if (nowMs - lastMs < WINDOW_MS) return
    this.#throttledMs.set(event.msg, nowMs)
    this.write(event)
  }

  write(event: LogEvent): void {
    const { print, now, api, settings } = this.#options
    if (print === undefined) return
    const { toConsole, level, formatter } = settings()
    if (!toConsole || !isAtLeast(event.level, level)) return
    if (api === 'v5') print(formatter === 'json' ? json(event, now()) : text(event, now()))
    else if (event.text4 !== undefined) print(`${stamp(now())} [${event.level}] ${event.text4}`)
  }
}

const micros = (ms: number) => Math.floor(ms * 1000)

/** RFC 3339 with microseconds. */
function stamp(ms: number): string {
  const below = String(micros(ms) % 1_000_000).padStart(6, '0')
  return `${new Date(ms).toISOString().slice(0, 19)}.${below}+00:00`
}

function text({ level, head = {}, msg, fields = {} }: LogEvent, ms: number): string {
  const pairs = [...Object.entries(head), ['msg', msg] as const, ...Object.entries(fields)]
  return `${stamp(ms)} [${level}] ${pairs.map(([key, value]) => `${key}: ${printed(value)}`).join(', ')}`
}

function json({ level, head, msg, fields = {} }: LogEvent, ms: number): string {
  return JSON.stringify({ time: micros(ms), level, ...head, msg, ...jsonTerms(fields) })
}

/** Atoms are texts in JSON. */
const jsonTerms = (fields: Readonly<Record<string, Term>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      typeof value === 'object' && !Array.isArray(value)
        ? jsonTerms(value as Readonly<Record<string, Term>>)
        : (value ?? 'undefined'),
    ]),
  )
