/** Why EMQX prints no log to its container's output, by its resource: the setting, as the resource has it. */
export type LogSetting = { isOff: false } | { isOff: true; setting: string; instead: string }

const ON: LogSetting = { isOff: false }

interface Resource4 {
  spec?: { template?: { spec?: { emqxContainer?: { emqxConfig?: Record<string, string> } } } }
}

/** `log.to`, which the operator's webhook sets to console unless it is there (docs/contract/emqx.md#logs). */
export function logSetting4(resource: object): LogSetting {
  const to = (resource as Resource4).spec?.template?.spec?.emqxContainer?.emqxConfig?.['log.to']
  if (to === undefined || to === 'console' || to === 'both') return ON
  return { isOff: true, setting: `log.to = ${to}`, instead: 'log.to = console in emqxConfig' }
}

interface Resource5 {
  spec?: { config?: { data?: string } }
}

/** `log.console.enable` in the configuration, dotted or in braces; the last one wins. */
const ENABLE =
  /\blog\s*(?:\.|\{|[=:]\s*\{)[^}]*?\bconsole\s*(?:\.|\{|[=:]\s*\{)[^}]*?\benable\s*[=:]\s*"?(true|false)\b/g

export function logSetting5(resource: object): LogSetting {
  const { data = '' } = (resource as Resource5).spec?.config ?? {}
  const last = [...data.matchAll(ENABLE)].at(-1)?.[1]
  if (last !== 'false') return ON
  return {
    isOff: true,
    setting: 'log.console.enable = false',
    instead: 'log.console.enable = true in spec.config.data',
  }
}
