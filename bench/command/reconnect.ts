import type { ReconnectSpec } from '../types.ts'
import { FOUR_BYTES, wholeNumber } from './bounds.ts'
import { exclusive, requires } from './exclusive.ts'
import type { ReconnectFlags } from './flags.ts'

const DEFAULT_PERIOD_MS = 1000
const DEFAULT_TRIES = 10

/** How clients come back: as MQTTX's do, or as the named policy says. A period of 0 is MQTTX's "never". Throws WEIR_USAGE. */
export function reconnectOf(flags: ReconnectFlags): ReconnectSpec {
  exclusive(flags, ['reconnect', 'reconnect-period'])
  exclusive(flags, ['reconnect', 'maximum-reconnect-times'])
  if (flags.reconnect !== undefined) return { preset: flags.reconnect }
  const { 'reconnect-period': baseMs = DEFAULT_PERIOD_MS } = flags
  const { 'maximum-reconnect-times': tries = DEFAULT_TRIES } = flags
  wholeNumber('--reconnect-period', baseMs, 0, FOUR_BYTES)
  wholeNumber('--maximum-reconnect-times', tries, 0, FOUR_BYTES)
  if (baseMs === 0)
    requires(flags, ['maximum-reconnect-times'], 'a -rp above 0', '-rp 0 disables reconnecting')
  return { kind: 'fixed', baseMs, tries: baseMs === 0 ? 0 : tries }
}
