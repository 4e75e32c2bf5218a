/** Replaces a secret in a record. */
export const REDACTED = '[redacted]'
