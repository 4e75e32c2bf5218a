import type { FleetCounters, FleetHealth, FleetSpec } from '../types.ts'
import type { BenchCommand } from './flags.ts'
import type { MessageTotals } from './messages.ts'
import type { Tally } from './tally.ts'

/** Why a run is over: told to, its time or its messages are used up, the broker takes none of them, or no client is left. */
export type End = 'stopped' | 'duration' | 'limit' | 'none-taken' | 'all-gave-up'

/** Everything that is known when a run is over. */
export interface BenchResult {
  command: BenchCommand
  spec: FleetSpec
  end: End
  elapsedMs: number
  /** Clients connected, and with their subscriptions granted, just before they were told to leave. */
  online: number
  subscribed: number
  counters: FleetCounters
  health: FleetHealth
  tally: Tally
  /** Of a fleet that publishes or subscribes. */
  messages: MessageTotals | undefined
  /** The messages were to be accounted for. */
  verify: boolean
}
