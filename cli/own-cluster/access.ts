import type { ClientFlags, FleetAccess } from '#weir/bench/types.ts'
import { checkFleet, readAccess, type Scenario } from '#weir/scenarios/index.ts'
import { clientFlagsOf } from '../client-options.ts'
import type { Output } from '../output.ts'
import { withMqttUser } from './credentials.ts'

/**
 * How the clients of a scenario connect and who they are: what the scenario says, which has the flags of transport and files in it already,
 * the other flags, and the environment. Everything is read and checked, and nothing has begun. Throws WEIR_USAGE.
 */
export function accessFor(
  { fleet }: Pick<Scenario, 'fleet'>,
  flags: ClientFlags,
  env: Output['env'],
): FleetAccess {
  const given = clientFlagsOf(flags)
  const { credentials } = fleet
  const filled: ClientFlags & { password?: string | undefined } = withMqttUser(
    { ...given, ...(credentials !== undefined && { credentials }) },
    env,
  )
  const fromEnvironment = (['username', 'password'] as const).filter(
    (flag) => filled[flag] !== undefined && !(flag in given),
  )
  const { username, password } = filled
  const access = readAccess(fleet, {
    ...{ username, password, fromEnvironment, 'client-id': given['client-id'] },
    ...{ 'password-file': given['password-file'], 'ws-headers': given['ws-headers'] },
  })
  checkFleet(fleet, access)
  return access
}
