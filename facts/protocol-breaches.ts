/**
 * What a broker sent that MQTT does not allow it to send there: packets that are well-formed and out of place. Names cross
 * threads and machines, and `bench --json` prints them, so none is renamed.
 */
export const PROTOCOL_BREACHES = [
  'puback-for-qos-2',
  'pubrec-for-qos-1',
  'pubcomp-for-qos-1',
  'pubcomp-before-pubrel',
  'unknown-packet-id',
  'suback-out-of-place',
  'unsuback-out-of-place',
  'no-connack-first',
  'second-connack',
  'auth-not-requested',
  'disconnect-in-3.1.1',
  'packet-of-a-client',
] as const

export type ProtocolBreach = (typeof PROTOCOL_BREACHES)[number]

/** How often each occurred. */
export type BreachCounts = Partial<Record<ProtocolBreach, number>>
