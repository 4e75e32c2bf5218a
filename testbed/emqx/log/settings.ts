import { at, parseHocon } from '#weir/facts/hocon.ts'
import { isLogLevel, type LogLevel } from '#weir/facts/index.ts'

/** What a node prints to its container's output. */
export interface LogSettings {
  toConsole: boolean
  level: LogLevel
  formatter: 'text' | 'json'
}

const DEFAULTS: LogSettings = { toConsole: true, level: 'warning', formatter: 'text' }

type Environment = ReadonlyMap<string, string>

/** 4.4 has its settings in the environment: `log.to`, `log.level`. The operator sets the first to console. */
export function settingsOf4(env: Environment): LogSettings {
  const level = env.get('EMQX_LOG__LEVEL')
  const to = env.get('EMQX_LOG__TO') ?? 'console'
  return {
    ...DEFAULTS,
    toConsole: to === 'console' || to === 'both',
    ...(isLogLevel(level) && { level }),
  }
}

/** 5 has them in HOCON, the later document over the earlier, and the environment over all. */
export function settingsOf5(env: Environment, documents: readonly string[]): LogSettings {
  const settings = { ...DEFAULTS }
  const take = (enable: unknown, level: unknown, formatter: unknown) => {
    if (enable === 'true' || enable === 'false') settings.toConsole = enable === 'true'
    if (isLogLevel(level)) settings.level = level
    if (formatter === 'text' || formatter === 'json') settings.formatter = formatter
  }
  for (const document of documents) {
    const read = readerOf(document)
    take(read('enable'), read('level'), read('formatter'))
  }
  const variable = (name: string) => env.get(`EMQX_LOG__CONSOLE__${name}`)?.replace(/^"(.*)"$/, '$1')
  take(variable('ENABLE'), variable('LEVEL'), variable('FORMATTER'))
  return settings
}

function readerOf(document: string): (name: string) => unknown {
  if (!document.includes('log')) return () => undefined
  try {
    const config = parseHocon(document)
    return (name) => at(config, 'log', 'console', name)
  } catch {
    // The request that brought it has its own words for that.
    return () => undefined
  }
}
