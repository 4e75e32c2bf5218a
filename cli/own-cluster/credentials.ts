import type { MqttUser } from '#weir/bench/types.ts'
import type { ClusterOptions, PrometheusCredentials } from '#weir/cluster/index.ts'
import { WeirError } from '#weir/errors/index.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** A dashboard user or an API key: EMQX accepts them on different listeners. */
const PAIRS = [
  ['WEIR_EMQX_USER', 'WEIR_EMQX_PASSWORD'],
  ['WEIR_EMQX_API_KEY', 'WEIR_EMQX_API_SECRET'],
] as const

/**
 * Credentials for EMQX's API from the environment: flags end up in shell histories and process lists. Undefined if none is set; then
 * the operator's Secret is read. Throws WEIR_USAGE for half a pair.
 */
export function emqxCredentials(env: Environment): ClusterOptions['credentials'] {
  const pair = firstPair(env, PAIRS, "neither to use the operator's Secret")
  return pair && { ...pair, kind: env.WEIR_EMQX_USER ? 'user' : 'key' }
}

/**
 * The user of all MQTT clients, from the environment for the same reason. Undefined if none is set; then clients connect without a
 * user name. Throws WEIR_USAGE for half a pair.
 */
export function mqttUser(env: Environment): MqttUser | undefined {
  return firstPair(
    env,
    [['WEIR_MQTT_USERNAME', 'WEIR_MQTT_PASSWORD']],
    'neither for clients without a user name',
  )
}

/** For a Prometheus, or the proxy in front of it. Undefined if none is set. Throws WEIR_USAGE for half a pair. */
export function prometheusCredentials(env: Environment): PrometheusCredentials | undefined {
  const token = env.WEIR_PROMETHEUS_TOKEN
  if (token) return { token }
  const pair = ['WEIR_PROMETHEUS_USER', 'WEIR_PROMETHEUS_PASSWORD'] as const
  return firstPair(env, [pair], 'neither for a Prometheus without credentials')
}

function firstPair(
  env: Environment,
  pairs: readonly (readonly [user: string, password: string])[],
  orNeither: string,
): { username: string; password: string } | undefined {
  for (const [user, password] of pairs) {
    const [username, secret] = [env[user], env[password]]
    if (username && secret) return { username, password: secret }
    if (username || secret)
      throw new WeirError(
        'WEIR_USAGE',
        `${username ? user : password} is set and ${username ? password : user} is not: set both, or ${orNeither}`,
      )
  }
  return undefined
}
