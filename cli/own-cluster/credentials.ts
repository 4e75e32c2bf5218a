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
 * Adds user name and password from WEIR_MQTT_USERNAME and WEIR_MQTT_PASSWORD. The password is used only with its own user
 * name, unless user names come from a file. Throws WEIR_USAGE for half a pair.
 */
export function withMqttUser<Flags extends object>(
  given: Flags & { [flag in 'username' | 'password' | 'password-file' | 'credentials']?: string | undefined },
  env: Environment,
): Flags {
  if (given.password !== undefined) return given
  if (given['password-file'] !== undefined) {
    const { username } = present(env)
    return given.username === undefined && username !== undefined ? { ...given, username } : given
  }
  if (given.username === undefined)
    return given.credentials === undefined ? { ...given, ...mqttUser(env) } : { ...present(env), ...given }
  const { WEIR_MQTT_USERNAME: owner = given.username, WEIR_MQTT_PASSWORD: password } = env
  return password !== undefined && owner === given.username ? { ...given, password } : given
}

/** What the environment has of a user: a file of credentials may have the rest. */
function present({ WEIR_MQTT_USERNAME: username, WEIR_MQTT_PASSWORD: password }: Environment): {
  username?: string
  password?: string
} {
  return { ...(username && { username }), ...(password && { password }) }
}

/** The user of all MQTT clients, from the environment for the same reason. Undefined if none is set. Throws WEIR_USAGE for half a pair. */
function mqttUser(env: Environment): MqttUser | undefined {
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
