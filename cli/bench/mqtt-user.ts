import type { Output } from '../output.ts'
import { mqttUser } from '../own-cluster/credentials.ts'

/**
 * Adds user name and password from WEIR_MQTT_USERNAME and WEIR_MQTT_PASSWORD. The password is used only with its own user
 * name. Throws WEIR_USAGE for half a pair.
 */
export function withMqttUser<Flags extends object>(
  given: Flags & { username?: string | undefined; password?: string | undefined },
  env: Output['env'],
): Flags {
  if (given.password !== undefined) return given
  if (given.username === undefined) return { ...given, ...mqttUser(env) }
  const { WEIR_MQTT_USERNAME: owner = given.username, WEIR_MQTT_PASSWORD: password } = env
  return password !== undefined && owner === given.username ? { ...given, password } : given
}
