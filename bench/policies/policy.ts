/** A uniform number in [0, 1). */
export type Random = () => number

/** Milliseconds to wait before the next attempt, or the decision to give up. */
export type Wait = number | 'stop'

/**
 * When a client comes back. A pure function: `attempt` counts the waits since the last accepted connection, from 1;
 * `lastWaitMs` is the wait before (0 at first).
 */
export interface ReconnectPolicy {
  name: string
  nextWait(attempt: number, lastWaitMs: number, random: Random): Wait
}
