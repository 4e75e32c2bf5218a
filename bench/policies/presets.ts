import type { Loss, NextWait, ReconnectPolicy } from './policy.ts'
import { exponential, fixed, limited, unless } from './shapes.ts'

/** What paho.mqtt.golang notes of each of its two situations: when it met it last, and how long it slept then. */
const PAHO_GO_NOTES = 4
const LOST = 0
const FAILED = 2

const PAHO_FIRST_MS = 1000
const PAHO_LONGEST_MS = 600_000
/** How long it reckons that a connection may take to be lost again, and an attempt to fail: its connect time-out. */
const LOST_AGAIN_MS = 3000
const FAILS_WITHIN_MS = 30_000

/**
 * paho.mqtt.golang 1.5.1 (client.go, backoff.go): a lost connection is retried at once, a failed attempt after 1 s,
 * doubling up to 10 min. Either keeps doubling when the same happens again within twice its expected time plus the last
 * sleep: a connection lost again within 6 s waits 1 s, 2 s, 4 s, …
 */
const pahoGo: NextWait = (attempt, lastWaitMs, _random, loss) => {
  if (!loss) return attempt === 1 ? 0 : Math.min(PAHO_LONGEST_MS, lastWaitMs * 2 || PAHO_FIRST_MS)
  const lost = loss.connectedMs >= 0
  return lost ? sleepMs(loss, LOST, LOST_AGAIN_MS, 0) : sleepMs(loss, FAILED, FAILS_WITHIN_MS, PAHO_FIRST_MS)
}

/** `firstMs` when this has not happened for a while; else twice the last sleep. */
function sleepMs({ atMs, notes }: Loss, situation: number, withinMs: number, firstMs: number): number {
  // An instant of 0 says that it never happened: instants are noted one later.
  const lastAtMs = notes[situation]! - 1
  const lastSleepMs = notes[situation + 1]!
  const again = lastAtMs >= 0 && atMs - lastAtMs <= 2 * withinMs + lastSleepMs
  const nextMs = again ? Math.min(PAHO_LONGEST_MS, lastSleepMs * 2 || PAHO_FIRST_MS) : firstMs
  notes[situation] = atMs + 1
  notes[situation + 1] = nextMs
  return nextMs
}

/** The attempts since the delay was last reset. */
const AWS_IOT_NOTES = 1

const BASE_MS = 1000
const LONGEST_MS = 120_000
const STEADY_MS = 30_000
/** Beyond it 2^n is no number that matters. */
const MOST_DOUBLINGS = 63

/**
 * aws-c-mqtt's MQTT 5 client (mqtt5_client.c): uniform from 0 to 1 s × 2^n, then capped at 120 s, so most waits from the
 * ninth on are exactly 120 s. Only a connection of 30 s resets n.
 */
const awsIot: NextWait = (attempt, _lastWaitMs, random, loss) => {
  let doublings = attempt - 1
  if (loss) {
    doublings = loss.connectedMs >= STEADY_MS ? 0 : loss.notes[0]!
    loss.notes[0] = Math.min(MOST_DOUBLINGS, doublings + 1)
  }
  return Math.min(LONGEST_MS, BASE_MS * 2 ** Math.min(MOST_DOUBLINGS, doublings) * random())
}

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
 * MQTTX's bench ends a client at every `error` of MQTT.js (cli/src/lib/conn.ts); only a connection that the broker closed
 * in order is retried.
 */
const mqttxAsIs = unless(
  (reason) => reason !== 'closed' && reason !== 'disconnect-packet',
  limited(fixed(1000), 10),
)

/** MQTT.js from 5.10.3 on does not reconnect after a refusing CONNACK, unless `reconnectOnConnackError` is set. */
const mqttjsAsIs = unless((reason) => reason === 'connack', fixed(1000))

type Preset = Omit<ReconnectPolicy, 'name'>

const waits = (nextWait: NextWait): Preset => ({ nextWait })

/** Reconnect behavior of client libraries, from their sources (docs/reconnect-policies.md). */
export const PRESETS = {
  mqttjs: waits(fixed(1000)),
  'mqttjs-as-is': waits(mqttjsAsIs),
  'mqttx-bench': waits(limited(fixed(1000), 10)),
  'mqttx-bench-as-is': waits(mqttxAsIs),
  emqtt: waits(fixed(5000)),
  // emqtt_bench without --reconnect: a client that loses its connection ends.
  'emqtt-bench': waits(limited(fixed(5000), 0)),
  'paho-java': waits(exponential({ baseMs: 1000, capMs: 128_000 })),
  'paho-python': waits(exponential({ baseMs: 1000, capMs: 120_000 })),
  'paho-go': { nextWait: pahoGo, notes: PAHO_GO_NOTES },
  'paho-go-v5': waits(atOnceThen(fixed(10_000))),
  'paho-c': waits(pahoC),
  'hivemq-java': waits(exponential({ baseMs: 1000, capMs: 120_000, jitter: { plusMinus: 0.25 } })),
  mosquitto: waits(fixed(1000)),
  'aws-iot': { nextWait: awsIot, notes: AWS_IOT_NOTES },
  'aws-embedded-c': waits(limited(exponential({ baseMs: 1000, capMs: 128_000, jitter: 'full' }), 4)),
  'esp-mqtt': waits(fixed(10_000)),
  rumqttc: waits(fixed(0)),
  'azure-iot-ops': waits(azureIotOps),
  'naive-immediate': waits(fixed(0)),
} as const satisfies Record<string, Preset>

export type PresetName = keyof typeof PRESETS
export const PRESET_NAMES = Object.keys(PRESETS) as PresetName[]
