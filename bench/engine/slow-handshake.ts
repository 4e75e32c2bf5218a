import type { CounterRow } from '../counters/live-counters.ts'
import type { FleetClient } from './fleet-client.ts'

/** A SYN that nobody answers is sent again after this (RFC 6298 §2.1). */
export const SYN_AGAIN_MS = 1000

/**
 * Counts a TCP handshake that has just ended, if its SYN was sent twice: the listen backlog was full, or a packet was lost. The client's
 * deadline is still that of its connect, and says when it began.
 */
export function countSlowHandshake(
  { deadlineMs }: Pick<FleetClient, 'deadlineMs'>,
  nowMs: number,
  connectTimeoutMs: number,
  counters: CounterRow,
): void {
  const beganMs = deadlineMs - connectTimeoutMs
  if (nowMs - beganMs >= SYN_AGAIN_MS) counters.add('slowHandshakes', 1)
}
