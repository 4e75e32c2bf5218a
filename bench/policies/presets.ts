import type { ReconnectPolicy } from './policy.ts'
import { exponential, fixed, limited } from './shapes.ts'

type NextWait = ReconnectPolicy['nextWait']

/** The first attempt at once, then as `later` says, counted from its own first wait. */
function atOnceThen(later: NextWait): NextWait {
  return (attempt, lastWaitMs, random) => (attempt === 1 ? 0 : later(attempt - 1, lastWaitMs, random))
}

/** paho.mqtt.c draws whole seconds from base÷1.2 to base×1.2, both rounded down. */
const pahoC: NextWait = (attempt, _lastWaitMs, random) => {
  const baseSeconds = Math.min(60, 2 ** (attempt - 1))
  const low = Math.floor(baseSeconds / 1.2)
  const high = Math.floor(baseSeconds * 1.2)
  return 1000 * (low + Math.floor(random() * (high - low + 1)))
}

/** azure_iot_operations_mqtt waits 2^(7+n) ms, less up to a tenth. Its cap is the application's: one minute here. */
const azureIotOps: NextWait = (attempt, _lastWaitMs, random) =>
  Math.min(60_000, 128 * 2 ** (attempt - 1)) * (1 - 0.1 * random())

/**
 * What real clients do when they lose the broker, read in their sources. Two simplifications: paho-go's extra second for
 * a connection that was lost again at once, and aws-iot's condition that a connection must have lasted 30 s before the
 * count starts anew, depend on how long the connection lasted, which a policy does not see.
 */
export const PRESETS = {
  mqttjs: fixed(1000),
  'mqttx-bench': limited(fixed(1000), 10),
  emqtt: fixed(5000),
  // emqtt_bench without --reconnect: a client that loses its connection ends.
  'emqtt-bench': limited(fixed(5000), 0),
  'paho-java': exponential({ baseMs: 1000, capMs: 128_000 }),
  'paho-python': exponential({ baseMs: 1000, capMs: 120_000 }),
  'paho-go': atOnceThen(exponential({ baseMs: 1000, capMs: 600_000 })),
  'paho-go-v5': atOnceThen(fixed(10_000)),
  'paho-c': pahoC,
  'hivemq-java': exponential({ baseMs: 1000, capMs: 120_000, jitter: { plusMinus: 0.25 } }),
  mosquitto: fixed(1000),
  'aws-iot': exponential({ baseMs: 1000, capMs: 120_000, jitter: 'full' }),
  'aws-embedded-c': limited(exponential({ baseMs: 1000, capMs: 128_000, jitter: 'full' }), 4),
  'esp-mqtt': fixed(10_000),
  rumqttc: fixed(0),
  'azure-iot-ops': azureIotOps,
  'naive-immediate': fixed(0),
} as const satisfies Record<string, NextWait>

export type PresetName = keyof typeof PRESETS
export const PRESET_NAMES = Object.keys(PRESETS) as PresetName[]
