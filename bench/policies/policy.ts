import type { ClientEventReason } from '#weir/facts/index.ts'

/** A uniform number in [0, 1). */
export type Random = () => number

/** Milliseconds to wait before the next attempt, or the decision to give up. */
export type Wait = number | 'stop'

/** How the client lost its connection. Valid during the call only. */
export interface Loss {
  /** On a clock that only goes forward. */
  atMs: number
  /** How long the connection had stood since its CONNACK; -1 where it was an attempt that failed. */
  connectedMs: number
  reason: ClientEventReason
  /** The policy's own notes on this client: as many numbers as it asks for, 0 at first, kept from call to call. */
  notes: Float64Array
}

/** See `ReconnectPolicy.nextWait`. */
export type NextWait = (attempt: number, lastWaitMs: number, random: Random, loss?: Loss) => Wait

/**
 * When a client reconnects. Pure: `attempt` counts the waits since the last accepted connection, from 1; `lastWaitMs` is
 * the previous wait (0 at first). Without `loss` the client had been connected for long.
 */
export interface ReconnectPolicy {
  name: string
  nextWait: NextWait
  /** How many numbers the policy keeps per client, to remember more than the last connection. */
  notes?: number
}
