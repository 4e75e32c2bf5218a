import type { ReconnectSpec } from '#weir/bench/types.ts'
import { usageError } from '#weir/errors/index.ts'
import { seconds } from './quantity.ts'

const JITTERS = ['none', 'full', 'equal', 'decorrelated'] as const
const FORM =
  'a client library (docs/reconnect-policies.md), fixed:5s, or exponential:1s-2m with full, equal or decorrelated jitter after a comma'

/** The policy of "paho-java", "fixed:5s", "exponential:1s-2m" or "exponential:1s-2m,full". Throws WEIR_USAGE. */
export function reconnectOf(text: string): ReconnectSpec {
  const [, kind, waits, jitter] = /^(fixed|exponential):([^,]+)(?:,(.*))?$/.exec(text) ?? []
  if (kind === undefined || waits === undefined) {
    if (text.includes(':')) throw usageError(`--reconnect ${text} is not ${FORM}`)
    return { preset: text }
  }
  const [base = '', cap, ...more] = waits.split('-')
  const known = JITTERS.find((one) => one === jitter)
  if (more.length > 0 || (kind === 'fixed') !== (cap === undefined) || (jitter !== undefined && !known))
    throw usageError(`--reconnect ${text} is not ${FORM}`)
  const milliseconds = (part: string) => 1000 * seconds('reconnect', part)
  return {
    kind: kind as 'fixed' | 'exponential',
    baseMs: milliseconds(base),
    ...(cap !== undefined && { capMs: milliseconds(cap) }),
    ...(known && { jitter: known }),
  }
}
