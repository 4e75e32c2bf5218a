import type { ClusterOptions } from '#weir/cluster/index.ts'
import { WeirError } from '#weir/errors/index.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** A user's name and password, or an API key and its secret: to EMQX both are Basic authentication. */
const PAIRS = [
  ['WEIR_EMQX_USER', 'WEIR_EMQX_PASSWORD'],
  ['WEIR_EMQX_API_KEY', 'WEIR_EMQX_API_SECRET'],
] as const

/**
 * Whom weir is to EMQX, from the environment: flags end up in histories and process lists. Undefined when nothing is
 * said; the operator's own Secret is read then. Throws WEIR_USAGE for half a pair.
 */
export function emqxCredentials(env: Environment): ClusterOptions['credentials'] {
  for (const [user, password] of PAIRS) {
    const [username, secret] = [env[user], env[password]]
    if (username && secret) return { username, password: secret }
    if (username || secret)
      throw new WeirError(
        'WEIR_USAGE',
        `${username ? user : password} is set and ${username ? password : user} is not: set both, or neither to use the operator's own Secret`,
      )
  }
  return undefined
}
