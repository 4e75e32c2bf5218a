import { usageError } from '#weir/errors/index.ts'
import type { ConnectionFlags } from './flags.ts'

/**
 * Flags of MQTTX that a load tool cannot honour: refused by name with the reason, as accepting one and doing nothing would be a lie.
 * Throws WEIR_USAGE.
 */
export function refuseUnhonoured(flags: ConnectionFlags): void {
  if (flags['authentication-method'] !== undefined)
    throw usageError(
      '--authentication-method is not supported: weir does not implement enhanced authentication (MQTT 5 §4.12): use -u and -P, or client certificates with --cert and --key',
    )
}
