import { usageError } from '#weir/errors/index.ts'
import { isLogLevel, LOG_LEVELS, type LogLevel } from '#weir/facts/index.ts'
import { didYouMean } from '#weir/scenarios/load/nearest.ts'

/** --text, --product, --cluster, --level, --from, --to, --latest */
export interface LogFlags {
  text?: string | undefined
  product?: string | undefined
  cluster?: string | undefined
  level?: string | undefined
  from?: string | undefined
  to?: string | undefined
  latest?: number | undefined
}

/** Which lines are wanted. */
export interface LogQuery {
  text?: string | undefined
  product?: string | undefined
  cluster?: string | undefined
  level?: LogLevel | undefined
  /** Unix milliseconds, both inclusive. */
  fromMs: number
  toMs: number
  /** The latest so many. */
  latest: number
}

/** What a page of EMQX ECP shows across all products (docs/contract/operations.md#logs). */
const LATEST = 100

/** Reads the flags. Throws WEIR_USAGE for an unknown level, a time that is none, and an end before the start. */
export function queryOf(flags: LogFlags): LogQuery {
  const { text, product, cluster, level, from, to, latest = LATEST } = flags
  if (level !== undefined && !isLogLevel(level))
    throw usageError(`--level ${level} is no level: use one of ${LOG_LEVELS.join(', ')}${hint(level)}`)
  if (!Number.isInteger(latest) || latest < 1) throw usageError('--latest takes a whole number of at least 1')
  const fromMs = from === undefined ? Number.NEGATIVE_INFINITY : spanOf('--from', from).firstMs
  const toMs = to === undefined ? Number.POSITIVE_INFINITY : spanOf('--to', to).lastMs
  if (toMs < fromMs) throw usageError(`--to ${to} is before --from ${from}: exchange them`)
  return { text, product, cluster, level, fromMs, toMs, latest }
}

/** Without a near one, which would be the whole list again. */
function hint(level: string): string {
  const text = didYouMean(level, LOG_LEVELS)
  return text.includes('did you mean') ? text : ''
}

const TIME = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:\d\d)?)?$/

/** The first and the last moment that a time means: a minute is as long as it is, so that both ends of a range are in it. */
function spanOf(flag: string, text: string): { firstMs: number; lastMs: number } {
  const isDay = text.length === 'YYYY-MM-DD'.length
  const isoText = text.replace(' ', 'T')
  const isZoned = isDay || /(?:Z|[+-]\d\d:\d\d)$/.test(isoText)
  const firstMs = TIME.test(text) ? Date.parse(isZoned ? isoText : `${isoText}Z`) : Number.NaN
  if (Number.isNaN(firstMs))
    throw usageError(
      `${flag} ${text} is no time: write it like 2026-01-31T08:15:00+08:00, or 2026-01-31 08:15 in UTC`,
    )
  return { firstMs, lastMs: firstMs + lengthMs(isoText, isDay) - 0.001 }
}

function lengthMs(text: string, isDay: boolean): number {
  if (isDay) return 86_400_000
  const [, seconds, fraction] = /T\d\d:\d\d(:\d\d)?(\.\d+)?/.exec(text) ?? []
  if (seconds === undefined) return 60_000
  return fraction === undefined ? 1000 : 10 ** (4 - fraction.length)
}
