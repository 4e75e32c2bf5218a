import type { GroupSpec } from '../types.ts'

/** What both engines know of a client: who it is, where it connects to, and how it comes back. */
export interface FleetClient {
  /** Place in its shard: the id of its timer. */
  readonly slot: number
  /** Index in the fleet. */
  readonly index: number
  /** Empty until a server assigns one, where the spec gives none. */
  id: string
  readonly group: GroupSpec
  /** Attempts so far: its rows `attempt`. */
  attempts: number
  /** Waits since the last accepted connection. */
  attempt: number
  lastWaitMs: number
  /** Random numbers drawn so far: names the next one. */
  draws: number
  /** When its timer is due, on the fleet's clock. */
  deadlineMs: number
  /** The target of this attempt or connection, and the one that it goes back to: indices into the shard's `Targets`. */
  target: number
  home: number
}
