/** What can happen to a client, as record/clients.ts defines it; the index is what a batch carries. */
export const KINDS = [
  'scheduled',
  'attempt',
  'connected',
  'refused',
  'failed',
  'disconnected',
  'left',
  'gave-up',
  'away',
] as const

export type Kind = (typeof KINDS)[number]

/** Why it happened, as record/clients.ts defines it. */
export const REASONS = [
  '',
  'disconnect-packet',
  'closed',
  'reset',
  'connack',
  'connection-refused',
  'connect-timeout',
  'connack-timeout',
  'keepalive-timeout',
  'protocol-error',
  'too-many-files',
  'address-unavailable',
  'unreachable',
  'stopped',
  'policy-exhausted',
  'certificate-untrusted',
  'certificate-expired',
  'certificate-name',
  'tls-refused',
  'ws-refused',
] as const

export type Reason = (typeof REASONS)[number]

export const KIND_INDEX = Object.fromEntries(KINDS.map((kind, i) => [kind, i])) as Record<Kind, number>
export const REASON_INDEX = Object.fromEntries(REASONS.map((reason, i) => [reason, i])) as Record<
  Reason,
  number
>
