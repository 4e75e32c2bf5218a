import type { MqttUser } from '#weir/bench/types.ts'
import type { ClusterOptions } from '#weir/cluster/index.ts'
import { WeirError } from '#weir/errors/index.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** A user of the dashboard, or an API key: which listener of EMQX takes them, and whether any does, hangs on that. */
const PAIRS = [
  ['WEIR_EMQX_USER', 'WEIR_EMQX_PASSWORD'],
  ['WEIR_EMQX_API_KEY', 'WEIR_EMQX_API_SECRET'],
] as const

/**
 * Whom weir is to EMQX, from the environment: flags end up in histories and process lists. Undefined when nothing is
 * said; the operator's own Secret is read then. Throws WEIR_USAGE for half a pair.
 */
export function emqxCredentials(env: Environment): ClusterOptions['credentials'] {
  const pair = firstPair(env, PAIRS, "neither to use the operator's own Secret")
  return pair && { ...pair, kind: env.WEIR_EMQX_USER ? 'user' : 'key' }
}

/**
 * Whom weir's MQTT clients are to EMQX, every one of them the same user. From the environment for the same reason;
 * undefined when nothing is said: they come without a name then. Throws WEIR_USAGE for half a pair.
 */
export function mqttUser(env: Environment): MqttUser | undefined {
  return firstPair(env, [['WEIR_MQTT_USERNAME', 'WEIR_MQTT_PASSWORD']], 'neither for clients without a name')
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
