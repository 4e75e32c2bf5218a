import { startProbe, targetName } from '#weir/bench/index.ts'
import type { MqttUser, ProbeResult } from '#weir/bench/types.ts'
import { missing, ok, warning } from '../line.ts'
import { defineCheck, type Facts, hasClients } from './check.ts'

const TIMEOUT_MS = 10_000
/** More addresses of one Service tell no more. */
const MOST_TRIED = 4
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
  needs: ['addresses'],
  async run({ addresses: { answered }, mqttUser }) {
    const tries = await Promise.all(
      answered
        .slice(0, MOST_TRIED)
        .map(async (target) => ({ where: targetName(target), ...(await tryOnce(target, mqttUser)) })),
    )
    const through = tries.filter(({ ok: isThrough }) => isThrough)
    const lines = tries.flatMap(({ ok: isThrough, where, error }) => {
      if (isThrough) return []
      const says = `a client cannot publish and receive through ${where}: ${error}`
      return through.length === 0
        ? [missing(says, advice(mqttUser))]
        : [warning(says, 'name the addresses that clients are to use with --address')]
    })
    if (through.length > 0) {
      const tookMs = Math.max(...through.map(({ tookNs }) => tookNs)) / 1e6
      const where = through.map((one) => one.where).join(', ')
      lines.unshift(ok(`a client published and received through ${where} in ${Math.round(tookMs)} ms`))
    }
    return { lines }
  },
})
