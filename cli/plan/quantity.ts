import { usageError } from '#weir/errors/index.ts'

const SECONDS: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600 }

/** Seconds of "250ms", "3s", "30m" or "2h". Throws WEIR_USAGE. */
export function seconds(flag: string, text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? []
  if (number === undefined || unit === undefined)
    throw usageError(`--${flag} takes a duration such as 250ms, 3s, 30m or 2h, not "${text}"`)
  return Number(number) * SECONDS[unit]!
}

/** The share of "1%" or "0.01". Throws WEIR_USAGE. */
export function share(flag: string, text: string): number {
  const [, number, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? []
  const value = Number(number) / (percent ? 100 : 1)
  if (number === undefined || value > 1)
    throw usageError(`--${flag} takes a share such as 1% or 0.01, up to 100%, not "${text}"`)
  return value
}
