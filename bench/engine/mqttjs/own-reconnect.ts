import type { ReconnectSpec } from '../../types.ts'

/** The package's reconnect options. */
export interface OwnReconnect {
  /** 0: it never does by itself, and weir's policy calls `reconnect()`. */
  reconnectPeriod: number
  /** Also reconnect after a refusing CONNACK. */
  reconnectOnConnackError: boolean
}

const PERIOD_MS = 1000

/**
 * With the presets named after it the package reconnects by its own timer, as in an application; with other policies weir
 * decides. `mqttjs-as-is` has the defaults of version 5.16, where a refused client never retries.
 */
export function ownReconnect(spec: ReconnectSpec): OwnReconnect {
  const preset = 'preset' in spec ? spec.preset : ''
  if (preset === 'mqttjs') return { reconnectPeriod: PERIOD_MS, reconnectOnConnackError: true }
  if (preset === 'mqttjs-as-is') return { reconnectPeriod: PERIOD_MS, reconnectOnConnackError: false }
  return { reconnectPeriod: 0, reconnectOnConnackError: false }
}
