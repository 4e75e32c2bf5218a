import { usageError } from '#weir/errors/index.ts'
import type { ArrivalSpec } from '../types.ts'
import { exclusive } from './check-flags.ts'
import type { LoadFlags } from './flags.ts'

const DEFAULT_INTERVAL_MS = 10

/** How schedules are written; one line of the help and of the refusal. */
export const SCHEDULE_FORMS =
  'interval:10 (ms), rate:100 (clients/s), ramp:0-500/60 (from-to/seconds), step:100/10,500/30 (clients/s for seconds, the last for ever), spike (all at once), poisson:200 (clients/s on average)'

/** When the clients come: by `-i`, `--rate` or `--schedule`, of which there may be one. Throws WEIR_USAGE. */
export function arrivalOf(flags: LoadFlags): ArrivalSpec {
  exclusive(flags, ['interval', 'rate', 'schedule'])
  if (flags.schedule !== undefined) return scheduleOf(flags.schedule)
  if (flags.rate !== undefined) return { kind: 'rate', perSecond: flags.rate }
  return { kind: 'interval', everyMs: flags.interval ?? DEFAULT_INTERVAL_MS }
}

/** Reads a schedule. What numbers make sense in one, arrivals/schedule.ts says. Throws WEIR_USAGE. */
export function scheduleOf(text: string): ArrivalSpec {
  const [kind, rest = '', ...more] = text.split(':')
  const schedule = more.length > 0 ? undefined : read(kind!.trim(), rest.trim())
  if (!schedule) throw usageError(`--schedule "${text}" is not a schedule: use one of ${SCHEDULE_FORMS}`)
  return schedule
}

function read(kind: string, rest: string): ArrivalSpec | undefined {
  switch (kind) {
    case 'spike':
      return rest === '' ? { kind } : undefined
    case 'interval': {
      const [everyMs] = numbers(/^([\d.]+)(?:ms)?$/, rest)
      return everyMs === undefined ? undefined : { kind, everyMs }
    }
    case 'rate':
    case 'poisson': {
      const [perSecond] = numbers(/^([\d.]+)$/, rest)
      return perSecond === undefined ? undefined : { kind, perSecond }
    }
    case 'ramp': {
      const [fromPerSecond, toPerSecond, overSeconds] = numbers(/^([\d.]+)-([\d.]+)\/([\d.]+)s?$/, rest)
      if (fromPerSecond === undefined || toPerSecond === undefined || overSeconds === undefined)
        return undefined
      return { kind, fromPerSecond, toPerSecond, overSeconds }
    }
    case 'step':
      return steps(rest)
    default:
      return undefined
  }
}

function steps(rest: string): ArrivalSpec | undefined {
  const read = rest.split(',').map((text) => numbers(/^([\d.]+)\/([\d.]+)s?$/, text.trim()))
  if (read.some((step) => step.length === 0)) return undefined
  return {
    kind: 'step',
    steps: read.map(([perSecond, forSeconds]) => ({ perSecond: perSecond!, forSeconds: forSeconds! })),
  }
}

/** The numbers in the groups of a pattern; none where it does not match or one is no number. */
function numbers(pattern: RegExp, text: string): number[] {
  const found = (pattern.exec(text) ?? []).slice(1).map(Number)
  return found.some(Number.isNaN) ? [] : found
}
