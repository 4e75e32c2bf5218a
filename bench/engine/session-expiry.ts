import type { GroupSpec } from '../types.ts'

/** How long a persistent MQTT 5 session lasts when the group does not say: EMQX's own default for 3.1.1 clients. */
const DEFAULT_EXPIRY_SECONDS = 7200

/** What clients of a group ask for, or with MQTT 3.1.1 get from EMQX: how long their session outlives a connection. */
export function sessionExpirySeconds({
  persistent,
  sessionExpirySeconds,
}: Pick<GroupSpec, 'persistent' | 'sessionExpirySeconds'>): number {
  return sessionExpirySeconds ?? (persistent ? DEFAULT_EXPIRY_SECONDS : 0)
}
