import { startProbe } from '#weir/bench/index.ts'
import type { MqttUser, ProbeResult } from '#weir/bench/types.ts'
import { missing, ok } from '../line.ts'
import { defineCheck, type Facts, hasClients } from './check.ts'

const TIMEOUT_MS = 10_000
/** Longer than the time-out, so that there is only one attempt. */
const ONCE_MS = 10 * TIMEOUT_MS

async function tryOnce(
  target: { host: string; port: number },
  user: MqttUser | undefined,
): Promise<ProbeResult> {
  const { promise, resolve } = Promise.withResolvers<ProbeResult>()
  const clockZeroNs = process.hrtime.bigint()
  const probe = startProbe({ target, everyMs: ONCE_MS, timeoutMs: TIMEOUT_MS, clockZeroNs, user }, resolve)
  try {
    return await promise
  } finally {
    await probe.stop()
  }
}

function advice(user: Facts['mqttUser']): string {
  const rest = 'let EMQX accept clients without a certificate, and publishing to weir/#'
  return user
    ? `set WEIR_MQTT_USERNAME and WEIR_MQTT_PASSWORD to a user of EMQX, or ${rest}`
    : `set WEIR_MQTT_USERNAME and WEIR_MQTT_PASSWORD if EMQX authenticates clients, or ${rest}`
}

/** A client can CONNECT, SUBSCRIBE, PUBLISH and DISCONNECT, as the probe of a run does. */
export const mqtt = defineCheck({
  id: 'mqtt',
  title: 'MQTT',
  code: 'WEIR_BROKER',
  matters: hasClients,
  asksNodes: true,
  needs: ['address'],
  async run({ address, mqttUser }) {
    const { ok: through, tookNs, error } = await tryOnce(address, mqttUser)
    const where = `${address.host}:${address.port}`
    if (through)
      return {
        lines: [ok(`a client published and received through ${where} in ${Math.round(tookNs / 1e6)} ms`)],
      }
    return {
      lines: [missing(`a client cannot publish and receive through ${where}: ${error}`, advice(mqttUser))],
    }
  },
})
