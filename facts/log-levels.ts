/** Levels of EMQX's log, the least severe first (EMQX documentation, "Logs"). */
export const LOG_LEVELS = [
  'debug',
  'info',
  'notice',
  'warning',
  'error',
  'critical',
  'alert',
  'emergency',
] as const

export type LogLevel = (typeof LOG_LEVELS)[number]

export const isLogLevel = (text: unknown): text is LogLevel =>
  (LOG_LEVELS as readonly unknown[]).includes(text)

/** True for a level that is at least as severe as `least`. */
export const isAtLeast = (level: LogLevel, least: LogLevel): boolean =>
  LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(least)
