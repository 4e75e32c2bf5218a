import type { FleetCounters, FleetHealth, FleetSpec } from '../types.ts'
import type { BenchCommand } from './flags.ts'
import type { MessageTotals } from './messages.ts'
import type { Tally } from './tally.ts'

/** Why a run is over: stopped, its time or messages used up, no message accepted by the broker, or no client left. */
export type End = 'stopped' | 'duration' | 'limit' | 'none-taken' | 'all-gave-up'

/** Everything that is known when a run is over. */
export interface BenchResult {
  command: BenchCommand
  spec: FleetSpec
  end: End
  elapsedMs: number
  /** Clients connected, and subscribed, just before they left. */
  online: number
  subscribed: number
  counters: FleetCounters
  health: FleetHealth
  tally: Tally
  /** Of a fleet that publishes or subscribes. */
  messages: MessageTotals | undefined
  /** Why no client was accepted, if the port speaks something else than `-l`. */
  wrongTransport?: string | undefined
  /** The messages were to be accounted for. */
  verify: boolean
}
