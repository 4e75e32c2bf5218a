import type { Rebalance } from './rebalance.ts'

/** Where faults change the course of a rebalance. */
export interface RebalanceHooks {
  readonly tickMs: number
  /** Whether the connections count as balanced, after so many ticks that evicted. */
  endsEvicting(isBalanced: boolean, ticks: number): boolean
  /** The nodes that a tick evicts from. */
  evictedFrom<Node>(donors: Node[], recipients: readonly Node[]): Node[]
}

/** A node that takes part. */
export interface Partner {
  readonly name: string
  liveConnections(): number
  sessions(): number
  disconnectedSessions(): number
  /** Its eviction agent serves something already. */
  isBusy(): boolean
  serve(rebalance: Rebalance): void
  release(rebalance: Rebalance): void
  /** Disconnects as many clients as the rate makes it, then calls `done`. */
  evictConnections(rate: number, done: () => void): void
  /** Moves up to `count` sessions without a client to the nodes of these names. */
  evictSessions(count: number, recipients: readonly string[]): void
}
